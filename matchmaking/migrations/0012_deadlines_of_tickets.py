"""Give each open hotline ticket its deadline; the due day stays what it was and is never counted again."""

from django.db import migrations
from django.utils import timezone


def start(apps, schema_editor):
    deadline, rows = (
        apps.get_model("deadlines", "Deadline"),
        apps.get_model("matchmaking", "HotlineTicket").objects.filter(state__in=["open", "transferred"]).order_by("pk"),
    )
    deadline.objects.bulk_create(
        (
            deadline(
                code="matchmaking.ticket",
                about_model="matchmaking.hotlineticket",
                about_id=row.pk,
                organization_id=row.organization_id,
                state="running",
                started_on=min(timezone.localdate(row.created_at), row.due_on),
                unit="working_days",
                start_rule="next_day",
                rolling="stays",
                source="",
                unmoved_on=row.due_on,
                due_on=row.due_on,
            )
            for row in rows.iterator(chunk_size=1000)
        ),
        batch_size=1000,
    )


def remove(apps, schema_editor):
    apps.get_model("deadlines", "Deadline").objects.filter(code="matchmaking.ticket").delete()


class Migration(migrations.Migration):
    dependencies = [("matchmaking", "0011_questions_kept"), ("deadlines", "0001_first")]

    operations = [migrations.RunPython(start, remove)]
