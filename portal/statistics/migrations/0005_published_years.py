"""What the public may read of a year, as it was worked out."""

import portal.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0004_validate_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedYear",
            fields=[
                ("year", portal.core.fields.YearField(primary_key=True, serialize=False, verbose_name="Year")),
                ("quarters", models.PositiveSmallIntegerField(default=0, verbose_name="Completed quarters")),
                ("tables", models.JSONField(default=dict)),
                ("made_at", portal.core.fields.MomentField(auto_now=True)),
            ],
            options={
                "verbose_name": "Published year",
                "verbose_name_plural": "Published years",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quarters__lte", 4)), name="statistics_published_quarters"
                    )
                ],
            },
        ),
    ]
