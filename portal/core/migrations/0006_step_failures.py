"""Rows that periodic tasks could not step."""

import portal.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_validate_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="StepFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=120)),
                ("error", models.CharField(max_length=60)),
                ("first_at", portal.core.fields.MomentField(auto_now_add=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "about"), name="core_stepfailure_once")],
            },
        ),
    ]
