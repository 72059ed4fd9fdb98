from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Participants of before: their unit is the one they are in now."""
    member = apps.get_model("members", "Member")
    participation = apps.get_model("matchmaking", "Participation")
    unit = member.objects.filter(pk=OuterRef("member")).values("organization")[:1]
    participation.objects.filter(unit=None).update(unit=Subquery(unit))


class Migration(migrations.Migration):
    dependencies = [
        ("matchmaking", "0002_whole"),
        ("members", "0001_first"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
