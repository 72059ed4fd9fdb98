"""When backups ended well; the serving role reads it and cannot write it."""

import portal.core.fields
from django.db import migrations, models

from portal.core import privileges


def narrow(apps, editor):
    privileges.narrow(editor.connection, "core_backup")


def widen(apps, editor):
    privileges.widen(editor.connection, "core_backup")


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_end_clear_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", portal.core.fields.MomentField(db_index=True)),
                ("seconds", models.PositiveIntegerField()),
                ("size", models.PositiveBigIntegerField()),
                ("rows", models.PositiveBigIntegerField()),
                ("files", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "Backup",
                "verbose_name_plural": "Backups",
            },
        ),
        migrations.RunPython(narrow, widen),
    ]
