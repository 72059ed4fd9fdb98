"""Paths of the tree are numbers between slashes; scope reads them everywhere."""

import portal.core.fields
from django.db import migrations

from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0006_validate_days"),
    ]

    operations = [
        BoundColumn(
            model_name="organization",
            name="path",
            field=portal.core.fields.PathField(editable=False, max_length=255, unique=True),
        ),
        BoundColumn(
            model_name="organizationline",
            name="path",
            field=portal.core.fields.PathField(max_length=255),
        ),
    ]
