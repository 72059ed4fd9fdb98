"""What /readyz reports, to whom, and when it turns red."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.audit.services import audit_record
from portal.core.models import Heartbeat
from portal.core.roles import Role
from portal.messaging.choices import Channel, JobState, MessageState
from portal.messaging.models import Job, Message, OutboxHold
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def pulse():
    now = timezone.now()
    Heartbeat.objects.bulk_create([Heartbeat(name="beat", at=now), Heartbeat(name="worker", at=now)])


def ago(**span):
    return timezone.now() - timedelta(**span)


def test_all_well(client, pulse):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True})


def test_never_a_tick_is_red(client):
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("name", ["beat", "worker"])
def test_a_silent_process_is_red(client, pulse, name):
    Heartbeat.objects.filter(name=name).update(at=ago(minutes=6))
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False})


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_an_old_message_in_the_outbox_is_red(client, pulse, minutes, status):
    Message.objects.create(recipient=make_member(), kind="a.b", channel=Channel.SMS, due_at=ago(minutes=minutes))
    assert client.get("/readyz").status_code == status


def test_a_job_nobody_takes_is_red(client, pulse):
    job = Job.objects.create(kind="a.b", actor=make_member(), about_id=1)
    assert client.get("/readyz").status_code == 200
    Job.objects.filter(pk=job.pk).update(created_at=ago(minutes=6))
    assert client.get("/readyz").status_code == 503


def test_what_was_given_up_is_told_and_is_not_red(client, pulse):
    person = make_member()
    Message.objects.create(recipient=person, kind="a.b", channel=Channel.SMS, state=MessageState.DEAD)
    Job.objects.create(kind="a.b", actor=person, about_id=1, state=JobState.FAILED, finished_at=timezone.now())
    sign_in(client, make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR))
    response = client.get("/readyz")
    found = response.json()["checks"]
    assert response.status_code == 200
    assert {name for name, check in found.items() if not check["well"]} == {
        "dead_letters",
        "jobs_failed",
        "recount",  # no recount yet
    }
    assert {"database", "beat", "worker", "disk", "outbox", "jobs", "versions"} <= found.keys()


@pytest.mark.parametrize("role", [Role.CHAIR, Role.AUDIT_ADMINISTRATOR])
def test_details_are_for_who_keeps_the_system(client, pulse, role):
    sign_in(client, make_staff(make_province(), role))
    assert client.get("/readyz").json() == {"ready": True}


def test_a_held_outbox_sends_nothing(pulse):
    from portal.messaging.services.holding import outbox_unlock
    from portal.messaging.services.jobs import jobs_dispatch
    from portal.messaging.services.messages import deliver_due

    message = Message.objects.create(recipient=make_member(phone="12000000001"), kind="a.b", channel=Channel.SMS)
    Job.objects.create(kind="a.b", actor=message.recipient, about_id=1)
    OutboxHold.objects.create(reason="restored")

    assert (deliver_due(), jobs_dispatch()) == (0, 0)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.WAITING, 0)
    assert Job.objects.get().dispatched_at is None
    assert (outbox_unlock(), outbox_unlock()) == (True, False)
    assert deliver_due() == 1


def test_a_recovered_database_is_held_by_hand():
    from portal.messaging.services.holding import outbox_held, outbox_hold, outbox_unlock

    assert [outbox_hold(reason="recovered") for _ in range(2)] == [True, False]
    assert outbox_held()
    assert outbox_unlock()
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["outbox.lock", "outbox.unlock"]


def test_a_held_outbox_sends_no_sign_in_code_either():
    from portal.messaging.channels import ChannelError, FileSms

    OutboxHold.objects.create(reason="restored")
    with pytest.raises(ChannelError):
        FileSms().send("12000000001", "members.code_sign_in", {"code": "123456"}, "key-of-a-code")
    assert FileSms.sent() == [] or all(entry["key"] != "key-of-a-code" for entry in FileSms.sent())


@pytest.mark.parametrize(("free", "total", "status"), [(2 << 30, 100 << 30, 200), (900 << 20, 100 << 30, 503)])
def test_a_disk_that_fills_up_is_red(client, pulse, monkeypatch, free, total, status):
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=free, total=total, used=total - free))
    assert client.get("/readyz").status_code == status


def test_an_audit_nobody_seals_is_told_and_is_not_red(client, pulse, monkeypatch):
    administrator = make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: datetime.now(UTC) - timedelta(minutes=20))
        audit_record(actor=administrator, action="late")
    sign_in(client, administrator)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["seal"]["well"]) == (200, False)
