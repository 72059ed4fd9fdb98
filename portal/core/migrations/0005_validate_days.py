"""Validate the bounds: nothing outside them is left."""

from django.db import migrations

from portal.core.migrating import validated


class Migration(migrations.Migration):
    dependencies = [("core", "0004_repair_days")]

    operations = [validated("core")]
