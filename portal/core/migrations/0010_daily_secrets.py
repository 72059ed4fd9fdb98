"""The secrets of single days, from which keys are made that nobody recognises the day after."""

import portal.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_faults_and_observations"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailySecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", portal.core.fields.DayField(unique=True)),
                ("secret", portal.core.fields.EncryptedTextField(max_length=64)),
            ],
        ),
    ]
