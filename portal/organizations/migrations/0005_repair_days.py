"""Repair what lies outside the new bounds, as far as there is any; no values are logged."""

from django.db import migrations

from portal.core.migrating import repaired


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_bound_days")]

    operations = [repaired("organizations")]
