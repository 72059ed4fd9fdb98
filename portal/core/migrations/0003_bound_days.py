"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_heartbeat"),
    ]

    operations = [
        BoundColumn(
            model_name="heartbeat",
            name="at",
            field=portal.core.fields.MomentField(),
        ),
        BoundColumn(
            model_name="throttle",
            name="ends_at",
            field=portal.core.fields.MomentField(db_index=True),
        ),
    ]
