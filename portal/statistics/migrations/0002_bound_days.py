"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0001_first"),
    ]

    operations = [
        BoundColumn(
            model_name="figure",
            name="month",
            field=portal.core.fields.DayField(),
        ),
        BoundColumn(
            model_name="figure",
            name="own",
            field=portal.core.fields.AmountField(decimal_places=2, max_digits=20),
        ),
        BoundColumn(
            model_name="figure",
            name="value",
            field=portal.core.fields.AmountField(decimal_places=2, max_digits=20),
        ),
        BoundColumn(
            model_name="figurefault",
            name="now",
            field=portal.core.fields.AmountField(decimal_places=2, max_digits=20, verbose_name="Current value"),
        ),
        BoundColumn(
            model_name="figurefault",
            name="start",
            field=portal.core.fields.DayField(verbose_name="From"),
        ),
        BoundColumn(
            model_name="figurefault",
            name="was",
            field=portal.core.fields.AmountField(
                decimal_places=2, max_digits=20, null=True, verbose_name="Previous value"
            ),
        ),
        BoundColumn(
            model_name="ownfigure",
            name="month",
            field=portal.core.fields.DayField(),
        ),
        BoundColumn(
            model_name="ownfigure",
            name="value",
            field=portal.core.fields.AmountField(decimal_places=2, max_digits=20),
        ),
        BoundColumn(
            model_name="peoplefigure",
            name="start",
            field=portal.core.fields.DayField(),
        ),
        BoundColumn(
            model_name="rangecount",
            name="counted_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="rangecount",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="rangecount",
            name="first",
            field=portal.core.fields.DayField(),
        ),
        BoundColumn(
            model_name="rangecount",
            name="last",
            field=portal.core.fields.DayField(),
        ),
        BoundColumn(
            model_name="recount",
            name="finished_at",
            field=portal.core.fields.MomentField(verbose_name="Finished"),
        ),
        BoundColumn(
            model_name="recount",
            name="started_at",
            field=portal.core.fields.MomentField(verbose_name="Started"),
        ),
        BoundColumn(
            model_name="target",
            name="value",
            field=portal.core.fields.AmountField(decimal_places=2, max_digits=20, verbose_name="Target"),
        ),
        BoundColumn(
            model_name="target",
            name="year",
            field=portal.core.fields.YearField(verbose_name="Year"),
        ),
    ]
