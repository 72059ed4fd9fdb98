"""Repair what lies outside the new bounds, as far as there is any; no values are logged."""

from django.db import migrations

from portal.core.migrating import repaired


class Migration(migrations.Migration):
    dependencies = [("core", "0003_bound_days")]

    operations = [repaired("core")]
