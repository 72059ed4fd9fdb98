"""Ends the sessions that lie in the database in clear: from here on they are encrypted, and everybody signs in anew.

Data alone. The way back ends the encrypted ones, which the code before cannot open.
"""

from django.db import migrations


def end_sessions(apps, schema_editor):
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0006_step_failures"), ("sessions", "0001_initial")]

    operations = [migrations.RunPython(end_sessions, end_sessions)]
