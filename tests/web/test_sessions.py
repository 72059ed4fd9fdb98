"""Sessions: idle limits, one session for staff, and no duty by the phone alone."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from portal.core.roles import Role
from portal.members.models import Member
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600


def aged(client, **ago):
    """Move moments in the client's session back by a number of seconds."""
    session = client.session
    for name, seconds in ago.items():
        session[name] = int(time.time()) - seconds
    session.save()
    return client


def is_in(client):
    return client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("role", "idle", "stays"),
    [
        (Role.CADRE, 29 * MINUTE, True),
        (Role.CADRE, 31 * MINUTE, False),
        (Role.SYSTEM_ADMINISTRATOR, 14 * MINUTE, True),
        (Role.SYSTEM_ADMINISTRATOR, 16 * MINUTE, False),
    ],
)
def test_staff_are_signed_out_when_idle(client, role, idle, stays):
    sign_in(client, make_staff(role=role))
    assert is_in(aged(client, seen_at=idle)) == stays
    assert ("_auth_user_id" in client.session) == stays


def test_staff_are_signed_out_after_twelve_hours(client):
    sign_in(client, make_staff())
    assert is_in(aged(client, signed_in_at=12 * HOUR - MINUTE))
    assert not is_in(aged(client, signed_in_at=12 * HOUR + MINUTE))


def test_members_stay_for_days(client):
    sign_in(client, make_member())
    assert is_in(aged(client, seen_at=20 * 24 * HOUR, signed_in_at=20 * 24 * HOUR))


def test_a_second_session_of_staff_ends_the_first():
    member = make_staff()
    first, second = sign_in(Client(), member), sign_in(Client(), member)
    assert (is_in(second), is_in(first)) == (True, False)
    assert is_in(second)


def test_the_phone_alone_gives_no_duty(client):
    chair = make_staff(make_organization(name="示例甲市总工会"))
    client.force_login(chair)
    for path in ("/members/", "/matchmaking/events/", "/organizations/", "/exchange/runs/"):
        assert client.get(path).status_code == 404, path
    assert "shell-member" in client.get("/").content.decode()
    sign_in(client, chair)
    assert client.get("/members/").status_code == 200


def test_the_phone_alone_opens_no_administration(client):
    client.force_login(make_staff(role=Role.SYSTEM_ADMINISTRATOR))
    assert client.get("/admin/").status_code != 200


def test_a_duty_that_has_ended_is_gone_with_the_next_request(client):
    member = make_staff()
    sign_in(client, member)
    assert client.get("/members/").status_code == 200
    member.duty_set.all().delete()
    assert client.get("/members/").status_code == 404


def test_a_closed_account_is_out_with_the_next_request(client):
    member = make_staff()
    sign_in(client, member)
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert not is_in(client)


def test_signing_out_ends_the_session_on_the_server(client):
    sign_in(client, make_member())
    key = client.session.session_key
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    assert client.post("/sign-out/").status_code == 302
    assert not Session.objects.filter(pk=key).exists()
    client.cookies["sessionid"] = key
    assert not is_in(client)


def test_reading_notes_at_most_once_a_minute_that_a_session_was_seen(client):
    sign_in(client, make_member())
    aged(client, seen_at=30)
    before = client.session["seen_at"]
    client.get("/me/")
    assert client.session["seen_at"] == before
    aged(client, seen_at=61)
    client.get("/me/")
    assert time.time() - client.session["seen_at"] < 10
