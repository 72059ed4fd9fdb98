"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

import datetime
from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_first"),
    ]

    operations = [
        BoundColumn(
            model_name="notice",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="notice",
            name="publish_from",
            field=portal.core.fields.MomentField(
                blank=True,
                first=datetime.date(2000, 1, 1),
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Publish from",
            ),
        ),
        BoundColumn(
            model_name="notice",
            name="publish_until",
            field=portal.core.fields.MomentField(
                blank=True,
                first=datetime.date(2000, 1, 1),
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Publish until",
            ),
        ),
        BoundColumn(
            model_name="notice",
            name="published_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Published at"),
        ),
        BoundColumn(
            model_name="notice",
            name="submitted_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="notice",
            name="told_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="noticeread",
            name="read_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
    ]
