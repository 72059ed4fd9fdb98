"""Properties 45 and 47: a new session begins at each sign-in and ends on the server.

Before the authenticator is set up, a session reaches nothing else.
"""

import re
import time

import pyotp
import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone

from portal.core.roles import Role
from portal.members.backends import login_key_of_phone
from portal.members.models import Authenticator
from portal.members.services.passwords import password_set
from portal.messaging.channels import FileSms
from tests.brief import BRIEF
from tests.factories.members import make_authenticator, make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_province
from tests.layout.addresses import addresses

pytestmark = pytest.mark.django_db
COOKIE = django_settings.SESSION_COOKIE_NAME
PASSWORD = "Zhuyi-Anquan-2026"
PHONE = phone_number(5)
SET_UP = "/me/security/authenticator/"
# What a person may reach who must first set up an authenticator: written by hand, not read from the middleware.
BEFORE_SET_UP = {
    "admin:jsi18n",
    "healthz",
    "members:authenticator-qr",
    "members:authenticator-setup",
    "members:fresh",
    "members:fresh-code",
    "members:password",
    "members:sent-messages",
    "members:sign-out",
    "web:language",
    "web:theme",
}


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def by_phone(client):
    """Sign a member in by phone and code."""
    make_member(phone=PHONE, login_key=login_key_of_phone(PHONE))
    client.post("/sign-in/", {"phone": PHONE})
    code = re.search(r"(?<!\d)\d{6}(?!\d)", FileSms.sent()[0]["text"])[0]
    client.post("/sign-in/code/", {"code": code})


def by_password(client):
    """Sign a member of staff in by password and authenticator."""
    member = make_staff()
    password_set(actor=None, member=member, login_name="shili", password=PASSWORD)
    factor = make_authenticator(member)
    client.post("/sign-in/staff/", {"login_name": "shili", "password": PASSWORD})
    client.post("/sign-in/authenticator/", {"code": pyotp.TOTP(factor.secret).at(int(timezone.now().timestamp()))})


def by_planted_door(client):
    """Sign a person in through a planted view that keeps the session of the request."""
    session = client.session
    session["planted"] = make_member().pk
    session.save()
    client.get("/planted/keeps/")


def is_in(key):
    """Return whether a cookie with this value opens the account page."""
    client = Client()
    client.cookies[COOKIE] = key
    return client.get("/me/").status_code == 200


def fixed(door):
    """Sign in with a session that another person began and knows.

    Returns (whether the new session is signed in, whether the known one is).
    """
    other, her = Client(), Client()
    other.post("/sign-in/staff/", {"login_name": "x", "password": "x"})
    session = other.session
    session["mark"] = "x"
    session.save()
    known = session.session_key
    her.cookies[COOKIE] = known
    door(her)
    return is_in(her.cookies[COOKIE].value), is_in(known)


@pytest.mark.parametrize("door", [by_phone, by_password])
def test_a_session_somebody_else_began_does_not_become_hers(door):
    assert fixed(door) == (True, False)


def test_a_door_that_keeps_the_session_is_seen(planted):
    """A sign-in that keeps the session is noticed.

    The planted failure: session fixation.
    """
    assert fixed(by_planted_door) == (True, True)


@pytest.mark.parametrize("door", [by_phone, by_password])
def test_a_cookie_nobody_gave_out_is_not_adopted(door):
    client = Client()
    client.cookies[COOKIE] = "a" * 32
    door(client)
    assert client.cookies[COOKIE].value != "a" * 32
    assert not Session.objects.filter(pk="a" * 32).exists()
    assert (is_in(client.cookies[COOKIE].value), is_in("a" * 32)) == (True, False)


def test_the_second_step_begins_a_new_session_too():
    client = Client()
    member = make_staff()
    password_set(actor=None, member=member, login_name="shili", password=PASSWORD)
    make_authenticator(member)
    client.get("/sign-in/staff/")
    session = client.session
    session["x"] = "x"
    session.save()
    client.cookies[COOKIE] = before = session.session_key
    client.post("/sign-in/staff/", {"login_name": "shili", "password": PASSWORD})
    assert client.cookies[COOKIE].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_signing_out_leaves_nothing_that_opens():
    client = Client()
    by_password(client)
    key = client.cookies[COOKIE].value
    assert is_in(key)
    client.post("/sign-out/")
    assert not is_in(key)
    assert not Session.objects.filter(pk=key).exists()


def reached_before_set_up(member):
    """Return the names of the addresses that do not redirect ``member`` to the set-up."""
    client = sign_in(Client(raise_request_exception=False), member)
    Authenticator.objects.filter(member=member).delete()
    session = client.session
    session["code_at"] = int(time.time())
    session.save()
    key = client.cookies[COOKIE].value
    found = set()
    for address in addresses():
        for method in ("get", "post"):
            with transaction.atomic():
                answer = getattr(client, method)(address.path(), **{BRIEF: True})
                transaction.set_rollback(True)
            client.cookies[COOKIE] = key
            if answer.headers.get("Location") != SET_UP:
                found.add(address.name)
    return found


@pytest.mark.parametrize("role", [Role.CHAIR, Role.SYSTEM_ADMINISTRATOR])
def test_without_a_second_factor_nothing_but_its_set_up_is_reached(settings, brief, role):
    settings.SECOND_FACTOR_REQUIRED = "staff"
    assert reached_before_set_up(make_staff(make_province(), role)) <= BEFORE_SET_UP


def test_where_none_is_asked_for_everything_is_reached(settings, brief):
    """The control: where no authenticator is required, everything is reached.

    With the setting at "nobody" the same crawl names nearly all addresses.
    """
    settings.SECOND_FACTOR_REQUIRED = "nobody"
    assert len(reached_before_set_up(make_staff(make_province())) - BEFORE_SET_UP) > 100
