"""Counts of faults by minute, and what periodic tasks saw outside of the database."""

import portal.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_backups"),
    ]

    operations = [
        migrations.CreateModel(
            name="FaultCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("minute", models.PositiveBigIntegerField()),
                ("count", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "minute"), name="core_faultcount_once")],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", portal.core.fields.MomentField()),
                ("number", models.BigIntegerField(null=True)),
                ("fault", models.CharField(blank=True, max_length=80)),
            ],
        ),
    ]
