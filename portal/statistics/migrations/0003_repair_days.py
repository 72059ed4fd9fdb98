"""Repair what lies outside the new bounds, as far as there is any; no values are logged."""

from django.db import migrations

from portal.core.migrating import repaired


class Migration(migrations.Migration):
    dependencies = [("statistics", "0002_bound_days")]

    operations = [repaired("statistics")]
