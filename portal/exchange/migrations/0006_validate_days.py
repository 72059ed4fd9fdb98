"""Validate the bounds: nothing outside them is left."""

from django.db import migrations

from portal.core.migrating import validated


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_repair_days")]

    operations = [validated("exchange")]
