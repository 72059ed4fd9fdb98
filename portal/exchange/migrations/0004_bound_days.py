"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0003_held"),
    ]

    operations = [
        BoundColumn(
            model_name="exportrun",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Requested at"),
        ),
        BoundColumn(
            model_name="exportrun",
            name="expires_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Kept until"),
        ),
        BoundColumn(
            model_name="importrun",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Uploaded at"),
        ),
        BoundColumn(
            model_name="importrun",
            name="finished_at",
            field=portal.core.fields.MomentField(blank=True, null=True, verbose_name="Finished at"),
        ),
        BoundColumn(
            model_name="storedfile",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Uploaded at"),
        ),
        BoundColumn(
            model_name="storedfile",
            name="deleted_at",
            field=portal.core.fields.MomentField(blank=True, null=True, verbose_name="Deleted at"),
        ),
        BoundColumn(
            model_name="storedfile",
            name="held_since",
            field=portal.core.fields.MomentField(
                editable=False, null=True, verbose_name="Waiting for the virus scanner since"
            ),
        ),
    ]
