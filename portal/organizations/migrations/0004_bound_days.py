"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

import datetime
from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_facts"),
    ]

    operations = [
        BoundColumn(
            model_name="calendarday",
            name="day",
            field=portal.core.fields.DayField(
                last=datetime.date(2099, 12, 31), primary_key=True, serialize=False, verbose_name="Day"
            ),
        ),
        BoundColumn(
            model_name="employer",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="headcount",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="headcount",
            name="on",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="As of"),
        ),
        BoundColumn(
            model_name="legalparameter",
            name="valid_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="Valid from"),
        ),
        BoundColumn(
            model_name="legalparameter",
            name="value",
            field=portal.core.fields.AmountField(decimal_places=2, max_digits=12, verbose_name="Value"),
        ),
        BoundColumn(
            model_name="organization",
            name="closed_on",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Closed on"
            ),
        ),
        BoundColumn(
            model_name="organization",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="organization",
            name="founded_on",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Founded on"
            ),
        ),
        BoundColumn(
            model_name="organizationline",
            name="valid_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31)),
        ),
        BoundColumn(
            model_name="organizationline",
            name="valid_until",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), null=True),
        ),
        BoundColumn(
            model_name="region",
            name="valid_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="Valid from"),
        ),
        BoundColumn(
            model_name="region",
            name="valid_until",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Valid until"
            ),
        ),
        BoundColumn(
            model_name="womencommittee",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="womencommittee",
            name="ended_on",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Ended on"
            ),
        ),
        BoundColumn(
            model_name="womencommittee",
            name="founded_on",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="First founded on"
            ),
        ),
        BoundColumn(
            model_name="womencommittee",
            name="term_ends_on",
            field=portal.core.fields.DayField(blank=True, null=True, verbose_name="This term ends"),
        ),
        BoundColumn(
            model_name="womencommittee",
            name="term_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="This term begins"),
        ),
    ]
