"""A person who has only the database reads nothing personal in its sessions."""

import logging
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from portal.core.roles import Role
from portal.core.sessions import SessionStore
from portal.members.services.invitations import invitation_link, invitation_send
from portal.members.services.passwords import password_set
from tests import clear
from tests.factories.matchmaking import make_event
from tests.factories.members import identity_number, make_staff, phone_number, sign_in
from tests.factories.organizations import make_province, make_unit

pytestmark = pytest.mark.django_db
PASSWORD = "Zhuyi-Anquan-2026"
NUMBER, OTHER, THIRD = (identity_number(serial, born="19931117") for serial in (61, 62, 63))
PHONE = phone_number(77)
NEXT = "/letters/PLANTED-TOKEN-OF-A-LETTER/"
STOCK = "django.contrib.sessions.backends.db"


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def walked():
    """Go through the steps that leave personal data in sessions.

    These are: sign in as far as the code, open an invitation, look up people. Returns the data left in the sessions.
    """
    city = make_province()
    unit = make_unit(city)
    chair = make_staff(city, phone=phone_number(78))
    door = Client()
    assert door.post("/sign-in/", {"phone": PHONE, "next": NEXT}).status_code == 302

    row = invitation_send(actor=None, member=chair)
    link = invitation_link(row.pk)
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert Client().get(f"/sign-in/invitation/{token}/")["Location"] == "/sign-in/invited/"

    chair = password_set(actor=None, member=chair, login_name="shili", password=PASSWORD)
    second = Client().post("/sign-in/staff/", {"login_name": "shili", "password": PASSWORD, "next": NEXT})
    assert second["Location"] == "/sign-in/factor/"

    desk = sign_in(Client(), chair)
    found = desk.post("/members/find/", {"term": NUMBER})
    assert NUMBER in desk.get(found["Location"]).content.decode()
    desk.post("/duties/find/", {"term": OTHER})
    event = make_event(unit, created_by=chair)
    kept = desk.post(f"/matchmaking/events/{event.pk}/find/", {"term": THIRD, "page": "event-add"})
    assert THIRD in desk.get(kept["Location"]).content.decode()
    admin = sign_in(Client(), make_staff(city, Role.SECURITY_ADMINISTRATOR))
    assert admin.post("/admin/members/member/find/", {"term": f"1{NUMBER[1:]}"}).status_code == 302
    return {NEXT, token, NUMBER, OTHER, THIRD, f"1{NUMBER[1:]}", "120****0077", "120****0078"}


def test_sessions_hold_nothing_in_clear():
    planted = walked()
    text = clear.in_database()
    assert {word for word in planted if word in text} == set()
    assert Session.objects.count() >= 5
    # The server, which has the keys, finds all of them.
    inside = str([SessionStore(row.session_key).decode(row.session_data) for row in Session.objects.all()])
    assert {word for word in planted if word in inside} == planted


def test_in_sessions_as_django_keeps_them_all_of_it_is_read(settings):
    """The planted failure: Django's own session engine, in use before."""
    settings.SESSION_ENGINE = STOCK
    planted = walked()
    text = clear.in_database()
    assert {word for word in planted if word in text} == planted


def test_a_session_copied_into_another_row_opens_nothing():
    store = SessionStore()
    store["find"] = {"x": NUMBER}
    store.save()
    copied = Session.objects.get(pk=store.session_key)
    other = SessionStore()
    other.save()
    Session.objects.filter(pk=other.session_key).update(session_data=copied.session_data)
    assert SessionStore(other.session_key).load() == {}
    assert SessionStore(store.session_key).load() == {"find": {"x": NUMBER}}


@pytest.mark.parametrize("data", ["", "x", "AA==", ".eJw:1:2", "é", "/w==", "A" * 400])
def test_whatever_lies_in_a_row_signs_out_and_breaks_nothing(data):
    chair = make_staff()
    client = sign_in(Client(), chair)
    key = client.session.session_key
    Session.objects.filter(pk=key).update(session_data=data)
    assert client.get("/").status_code == 200
    assert not client.get("/members/").headers["Location"].startswith("/members/")


def test_a_new_key_signs_nobody_out(settings):
    settings.FIELD_KEYS = "old:" + "11" * 16
    chair = make_staff()
    client = sign_in(Client(), chair)
    assert client.get("/members/").status_code == 200
    settings.FIELD_KEYS = "old:" + "11" * 16 + ",new:" + "22" * 16
    assert client.get("/members/").status_code == 200
    out = StringIO()
    call_command("rotate_field_keys", check=True, stdout=out)
    assert "sessions: old: 1" in out.getvalue()

    call_command("rotate_field_keys", stdout=out)

    assert "sessions: new: 1" in out.getvalue()
    settings.FIELD_KEYS = "new:" + "22" * 16
    assert client.get("/members/").status_code == 200


def test_what_lay_there_in_clear_is_deleted_by_the_rotation(settings):
    settings.SESSION_ENGINE = STOCK
    client = sign_in(Client(), make_staff())
    assert client.get("/members/").status_code == 200
    settings.SESSION_ENGINE = "portal.core.sessions"
    out = StringIO()
    call_command("rotate_field_keys", check=True, stdout=out)
    assert "sessions: none: 1" in out.getvalue()
    call_command("rotate_field_keys", stdout=out)
    assert not Session.objects.exists()


def test_a_spent_invitation_is_not_kept():
    chair = make_staff(phone=phone_number(78))
    first = invitation_send(actor=None, member=chair)
    token = invitation_link(first.pk).rstrip("/").rsplit("/", 1)[1]
    client = Client()
    client.get(f"/sign-in/invitation/{token}/")
    assert client.session["invitation"] == token
    invitation_send(actor=None, member=chair)
    assert client.get("/sign-in/invited/").status_code == 404
    assert "invitation" not in client.session


def test_messages_for_the_next_page_lie_in_no_cookie():
    client = Client()
    sign_in(client, make_staff())
    answer = client.post("/me/security/sessions/", follow=False)
    assert "messages" not in answer.cookies


def test_a_row_that_does_not_open_is_no_line_in_the_log(caplog):
    store = SessionStore()
    store["find"] = NUMBER
    store.save()
    Session.objects.update(session_data="x")
    with caplog.at_level(logging.DEBUG):
        assert SessionStore(store.session_key).load() == {}
    assert caplog.text == ""


def test_rotation_says_so_where_it_is_not_done(settings, monkeypatch):
    settings.FIELD_KEYS = "old:" + "11" * 16
    SessionStore().save()
    settings.FIELD_KEYS = "old:" + "11" * 16 + ",new:" + "22" * 16
    monkeypatch.setattr("portal.core.sessions.rotate", lambda: 0)
    with pytest.raises(CommandError, match="1 values still lie under another key"):
        call_command("rotate_field_keys", stdout=StringIO())
