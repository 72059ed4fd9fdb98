"""Who entered whom, from the audit and the imports; an administrator's open duties of the work end today.

Both are facts that new constraints and rules ask for. Taking it back leaves the ended duties ended.
"""

from django.db import migrations
from django.utils import timezone

ADMINISTRATORS = ["audit_administrator", "security_administrator", "system_administrator"]
CREATED = """
    UPDATE members_member AS person SET entered_by_id = entry.actor_id
    FROM audit_auditentry AS entry, members_member AS actor
    WHERE entry.about_model = 'members.member' AND entry.about_id = person.id AND entry.action = 'member.create'
        AND actor.id = entry.actor_id AND actor.id <> person.id AND person.entered_by_id IS NULL
"""
IMPORTED = """
    UPDATE members_member AS person SET entered_by_id = done.actor_id
    FROM (
        SELECT row.id::bigint AS id, COALESCE(job.actor_id, run.uploaded_by_id) AS actor_id
        FROM exchange_importrun AS run LEFT JOIN messaging_job AS job ON job.id = run.job_id,
            LATERAL jsonb_array_elements_text(run.row_ids) AS row(id)
        WHERE run.register = 'members.roster'
    ) AS done
    WHERE person.id = done.id AND done.actor_id <> person.id AND person.entered_by_id IS NULL
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CREATED)
        cursor.execute(IMPORTED)
    duties, today = apps.get_model("members", "Duty").objects, timezone.localdate()
    administrators = duties.filter(role__in=ADMINISTRATORS, valid_until=None).values("member")
    work = duties.filter(member__in=administrators, valid_until=None).exclude(role__in=ADMINISTRATORS)
    for duty in work.order_by("pk"):
        duty.valid_until = max(today, duty.valid_from)
        duty.save(update_fields=["valid_until"])


def forget(apps, schema_editor):
    apps.get_model("members", "Member").objects.exclude(entered_by=None).update(entered_by=None)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0014_appointments"),
        ("audit", "0004_seals_insert_only"),
        ("exchange", "0003_held"),
        ("messaging", "0005_touches"),
    ]

    operations = [migrations.RunPython(fill, forget)]
