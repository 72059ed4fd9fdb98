"""What a monitor with its token is told, and that nobody else is told it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from portal.core import faults
from portal.core.health import all_checks
from portal.core.models import Heartbeat
from portal.core.roles import Role
from portal.messaging.choices import Channel, JobState
from portal.messaging.models import Job, Message
from portal.messaging.services.messages import deliver_due
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_province

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-a-monitor-0123456789abcdef"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
WRONG = {"Authorization": f"Bearer {TOKEN[:-1]}x"}


@pytest.fixture(autouse=True)
def token(settings):
    settings.MONITOR_TOKEN = TOKEN


@pytest.fixture
def pulse():
    now = timezone.now()
    Heartbeat.objects.bulk_create([Heartbeat(name="beat", at=now), Heartbeat(name="worker", at=now)])


def finding(name):
    return next(check for check in all_checks() if check.name == name)


def lines(response):
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    return response.content.decode().split("\n")


def test_metrics_are_for_the_token(client, pulse):
    response = client.get("/metrics", headers=RIGHT)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert 'portal_check_well{check="beat",grave="true"} 1' in lines(response)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        WRONG,
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN}ä"},
    ],
)
def test_for_anybody_else_there_is_nothing(client, pulse, headers):
    assert client.get("/metrics", headers=headers).status_code == 404
    assert client.get("/readyz", headers=headers).json() == {"ready": True}


@pytest.mark.parametrize("given", ["", "short"])
def test_an_empty_or_a_short_token_opens_nothing(client, pulse, settings, given):
    settings.MONITOR_TOKEN = given
    headers = {"Authorization": f"Bearer {given}"}
    assert client.get("/metrics", headers=headers).status_code == 404
    assert client.get("/readyz", headers=headers).json() == {"ready": True}


def test_a_system_administrator_has_pages_and_no_metrics(client, pulse):
    sign_in(client, make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR))
    assert client.get("/metrics").status_code == 404


def test_the_token_opens_no_other_page(client):
    assert client.get("/me/", headers=RIGHT).status_code == 302
    assert client.get("/admin/", headers=RIGHT).status_code in (302, 404)


def test_wrong_tokens_close_the_door_for_their_network(client, pulse, settings):
    settings.MONITOR_WRONG_TOKENS = 3
    for _time in range(3):
        assert client.get("/metrics", headers=WRONG).status_code == 404
    assert client.get("/metrics", headers=RIGHT).status_code == 404
    assert client.get("/metrics", headers=RIGHT, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_right_tokens_are_not_counted(client, pulse, settings):
    settings.MONITOR_WRONG_TOKENS = 3
    assert {client.get("/metrics", headers=RIGHT).status_code for _time in range(10)} == {200}


def test_readyz_names_what_fails_to_the_token(client, pulse):
    Heartbeat.objects.filter(name="beat").update(at=timezone.now() - timedelta(minutes=6))
    response = client.get("/readyz", headers=RIGHT)
    answer = response.json()
    assert (response.status_code, answer["ready"]) == (503, False)
    assert set(answer["failing"]) == {"beat", "recount"}
    assert answer["checks"]["beat"]["well"] is False


def test_without_a_database_the_monitor_is_told_so(client):
    def away(execute, sql, params, many, context):
        raise OperationalError("could not connect")

    with connection.execute_wrapper(away):
        metrics, ready = client.get("/metrics", headers=RIGHT), client.get("/readyz", headers=RIGHT)
        stranger = client.get("/metrics", headers=WRONG)
    assert 'portal_check_well{check="database",grave="true"} 0' in lines(metrics)
    assert (ready.status_code, ready.json()["failing"]) == (503, ["database"])
    assert stranger.status_code == 404


def test_what_is_not_set_up_is_a_finding_in_earnest(settings):
    names = ("scanner", "sms", "email")
    settings.CLAMD = ""
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    settings.EMAIL_BACKEND = "portal.messaging.channels.RefusingMail"
    assert [finding(name).well for name in names] == [True, True, True]  # the demo needs none
    settings.ALLOW_DEMO_PEOPLE = False
    found = [finding(name) for name in names]
    assert [check.well for check in found] == [False, False, False]
    assert [check.grave for check in found] == [False, False, False]
    assert [check.figures[f"{check.name}_set_up"] for check in found] == [0, 0, 0]
    settings.SMS_BACKEND = "portal.messaging.tencent.TencentSms"
    settings.SMS_KEY_ID = ""
    assert not finding("sms").well


def test_a_provider_that_fails_is_a_finding(settings):
    settings.SMS_BACKEND = "portal.messaging.tencent.TencentSms"
    settings.SMS_KEY_ID = settings.SMS_KEY_SECRET = settings.SMS_APP_ID = settings.SMS_SIGNATURE = "x"
    settings.SMS_ENDPOINT = "http://127.0.0.1:1"
    assert finding("sms").well
    message = Message.objects.create(
        recipient=make_member(phone="13900001111"), kind="matchmaking.offered", channel=Channel.SMS
    )
    for _time in range(3):
        Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
        deliver_due()
        faults.write()
    message.refresh_from_db()
    assert message.attempts == 3
    assert not finding("sms").well
    assert finding("sms").figures == {"sms_set_up": 1, "sms_failures_15m": 3}


def test_a_person_without_a_number_is_no_failure_of_the_provider():
    Message.objects.create(recipient=make_member(), kind="matchmaking.offered", channel=Channel.SMS)
    Message.objects.create(recipient=make_member(), kind="matchmaking.offered", channel=Channel.EMAIL)
    deliver_due()
    faults.write()
    assert (finding("sms").figures["sms_failures_15m"], finding("email").figures["email_failures_15m"]) == (0, 0)


def test_answers_of_500_are_counted(client, monkeypatch):
    def broken(*arguments):
        raise ValueError("x")

    monkeypatch.setattr("portal.web.home.blocks", broken)
    unsparing = Client(raise_request_exception=False)
    for _time in range(5):
        assert unsparing.get("/").status_code == 500
    check = finding("server_errors")
    assert (check.figures["server_errors_5m"], check.well) == (5, False)
    assert Client().get("/nowhere/").status_code == 404
    assert finding("server_errors").figures["server_errors_5m"] == 5


def test_a_monitor_that_asks_an_ill_portal_counts_nothing(client):
    assert client.get("/readyz").status_code == 503
    assert finding("server_errors").value == 0


def test_what_was_cut_off_is_a_finding():
    faults.note(faults.CUT_OFF)
    faults.write()
    check = finding("slow_queries")
    assert (check.well, check.grave, check.figures["statements_cut_off_1h"]) == (False, False, 1)


def test_the_disk_of_the_database_is_known_where_it_is_named(settings, tmp_path):
    assert finding("database_disk").figures.keys() == {"database_size_bytes"}
    settings.DATABASE_DIR = str(tmp_path)
    named = finding("database_disk")
    assert (named.well, named.grave, named.figures["database_disk_free_bytes"] > 0) == (True, True, True)
    settings.DATABASE_DIR = str(tmp_path / "nowhere")
    wrong = finding("database_disk")
    assert (wrong.well, wrong.grave) == (False, False)


def test_a_migration_that_is_not_applied_is_red(client, pulse):
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core' AND name = '0002_heartbeat'")
    check = finding("migrations")
    assert (check.well, check.value, check.figures) == (False, "core.0002_heartbeat", {"migrations_pending": 1})
    assert client.get("/readyz").status_code == 503


def test_a_part_whose_findings_fail_is_one_and_hides_no_other(client, pulse, monkeypatch):
    def broken():
        raise KeyError("x")

    monkeypatch.setattr("portal.statistics.health.checks", broken)
    response = client.get("/readyz", headers=RIGHT)
    assert response.json()["failing"] == ["findings_portal_statistics"]
    assert response.json()["checks"]["beat"]["well"] is True


def test_the_oldest_job_has_its_age():
    job = Job.objects.create(kind="a.b", actor=make_member(), about_id=1)
    Job.objects.filter(pk=job.pk).update(created_at=datetime.now(UTC) - timedelta(seconds=90))
    assert finding("jobs").figures["oldest_job_seconds"] == pytest.approx(90, abs=5)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    assert finding("jobs").figures["oldest_job_seconds"] == 0
