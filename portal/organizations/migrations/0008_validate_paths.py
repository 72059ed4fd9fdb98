"""Validate the shape of paths; one that is none is named and must be mended by the move of its organisation."""

from django.db import migrations

from portal.core.migrating import validated


class Migration(migrations.Migration):
    dependencies = [("organizations", "0007_bound_paths")]

    operations = [validated("organizations")]
