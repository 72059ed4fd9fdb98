"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

import django.utils.timezone
from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0006_account_messages"),
    ]

    operations = [
        BoundColumn(
            model_name="job",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Created at"),
        ),
        BoundColumn(
            model_name="job",
            name="dispatched_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="job",
            name="finished_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Finished at"),
        ),
        BoundColumn(
            model_name="job",
            name="lease_until",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="mailbox",
            name="confirmed_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="mailbox",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="message",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Created at"),
        ),
        BoundColumn(
            model_name="message",
            name="delivered_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Delivered at"),
        ),
        BoundColumn(
            model_name="message",
            name="due_at",
            field=portal.core.fields.MomentField(default=django.utils.timezone.now, verbose_name="Due at"),
        ),
        BoundColumn(
            model_name="message",
            name="read_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="outboxhold",
            name="since",
            field=portal.core.fields.MomentField(default=django.utils.timezone.now, verbose_name="Since"),
        ),
        BoundColumn(
            model_name="reminder",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Created at"),
        ),
        BoundColumn(
            model_name="reminder",
            name="due_on",
            field=portal.core.fields.DayField(verbose_name="Due on"),
        ),
        BoundColumn(
            model_name="tododelegation",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="tododelegation",
            name="ended_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="touch",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="touch",
            name="first",
            field=portal.core.fields.DayField(),
        ),
        BoundColumn(
            model_name="touch",
            name="last",
            field=portal.core.fields.DayField(null=True),
        ),
    ]
