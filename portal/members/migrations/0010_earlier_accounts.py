"""Accounts opened before confirmations were asked for keep what they could do."""

from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    members = apps.get_model("members", "Member").objects
    members.filter(activated_at__isnull=False, proven_at=None).update(proven_at=F("activated_at"), proof="earlier")


def forget(apps, schema_editor):
    apps.get_model("members", "Member").objects.filter(proof="earlier").update(proven_at=None, proof="")


class Migration(migrations.Migration):
    dependencies = [("members", "0009_proofs")]

    operations = [migrations.RunPython(confirm, forget)]
