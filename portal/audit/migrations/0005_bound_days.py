"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_seals_insert_only"),
    ]

    operations = [
        BoundColumn(
            model_name="auditentry",
            name="at",
            field=portal.core.fields.MomentField(auto_now_add=True, db_index=True, verbose_name="Time"),
        ),
        BoundColumn(
            model_name="auditseal",
            name="at",
            field=portal.core.fields.MomentField(verbose_name="Time"),
        ),
    ]
