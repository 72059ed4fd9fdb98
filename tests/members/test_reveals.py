"""Revealing masked fields for a reason.

Who may, what is recorded, what happens if it cannot be recorded, and how often it is allowed.
"""

import os

import psycopg2
import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from portal.audit.models import AuditEntry
from portal.core import locks
from portal.core.errors import DomainError, TooMany
from portal.core.roles import Role
from portal.members.choices import IdentityKind, RevealReason
from portal.members.models import Member, PhoneChange
from portal.members.services.reveals import field_reveal
from portal.messaging.models import Message
from tests.factories.members import identity_number, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.threads import at_once

PHONE = "12000000777"
NUMBER = identity_number(31)
ASKED = {"reason": RevealReason.CONTACT, "note": "活动改期"}


def make_person(unit, **fields):
    return make_member(unit, phone=PHONE, identity_kind=IdentityKind.RESIDENT, identity_number=NUMBER, **fields)


@pytest.fixture
def city(db):
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def person(city):
    return make_person(make_unit(city))


def address(person, field="phone"):
    return reverse("members:member-reveal", args=[person.pk, field])


def looks(action="member.reveal"):
    return AuditEntry.objects.filter(action=action)


def test_it_opens_to_who_holds_the_capability_at_the_persons_unit(client, city, person):
    found = {role: sign_in(client, make_staff(city, role)).post(address(person), ASKED).status_code for role in Role}
    assert {role for role, status in found.items() if status == 200} == {Role.CHAIR, Role.CADRE}
    assert {status for status in found.values() if status != 200} == {403, 404}
    assert looks().count() == 2
    neighbour = make_staff(make_organization(), Role.CHAIR)
    assert sign_in(client, neighbour).post(address(person), ASKED).status_code == 404
    assert sign_in(client, make_member(person.organization)).post(address(person), ASKED).status_code == 404
    assert sign_in(client, person).post(address(person), ASKED).status_code == 403
    assert looks().count() == 2


@pytest.mark.parametrize(("field", "value"), [("phone", PHONE), ("identity_number", NUMBER)])
def test_the_value_stands_on_the_answer_alone_and_the_look_in_the_audit(client, city, person, field, value):
    chair = make_staff(city)
    sign_in(client, chair)
    page = reverse("members:member-detail", args=[person.pk])
    assert value not in client.get(page).content.decode()
    assert value not in client.get(address(person, field)).content.decode()
    assert not looks().exists()

    answer = client.post(address(person, field), ASKED)
    assert value in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Refresh"] == f"60; url={page}"

    (entry,) = looks()
    assert (entry.actor_id, entry.about_id, entry.fields) == (chair.pk, person.pk, [field])
    assert entry.data == {"reason": "contact", "address": "127.0.0.1", "shown": True}
    assert entry.note == "活动改期"
    history = client.get(page)
    assert value not in history.content.decode()
    assert [(row["by"], row["note"]) for row in history.context["entries"]] == [(chair.name, "活动改期")]


@pytest.mark.parametrize("sent", [{}, {"reason": "contact"}, {"reason": "nothing", "note": "因为"}, {"note": "因为"}])
def test_without_a_reason_nothing_is_shown(client, city, person, sent):
    sign_in(client, make_staff(city))
    answer = client.post(address(person), sent)
    assert answer.status_code == 422
    assert PHONE not in answer.content.decode()
    assert not looks().exists()


@pytest.mark.parametrize("field", ["password", "name", "login_key", "x"])
def test_other_fields_are_not_there(client, city, person, field):
    sign_in(client, make_staff(city))
    assert client.post(address(person, field), ASKED).status_code == 404
    with pytest.raises(DomainError):
        field_reveal(actor=make_staff(city), member=person, field=field, **ASKED)
    assert not looks().exists()


def test_a_note_keeps_no_number_of_a_person(city, person):
    field_reveal(actor=make_staff(city), member=person, field="phone", reason="other", note=f"电话 {PHONE} {NUMBER}")
    assert looks().get().note == "电话 (number) (number)"


def test_a_look_that_cannot_be_written_down_shows_nothing(fresh_database):
    """The planted failure of property 32: the database really refuses the audit entry."""
    city = make_organization()
    person, chair = make_person(make_unit(city)), make_staff(city)
    client = sign_in(Client(raise_request_exception=False), chair)
    assert PHONE in client.post(address(person), ASKED).content.decode()

    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("REVOKE INSERT ON audit_auditentry FROM portal_app")
    owner.close()
    answer = client.post(address(person), ASKED)
    assert answer.status_code == 500
    assert PHONE not in answer.content.decode()
    with pytest.raises(DatabaseError):
        field_reveal(actor=chair, member=person, field="phone", **ASKED)
    assert looks().count() == 1


def test_past_the_limit_nothing_is_shown_and_the_security_administrators_are_told_once(client, city, person, settings):
    settings.REVEALS_PER_HOUR = 3
    guard = make_staff(make_province(), Role.SECURITY_ADMINISTRATOR)
    elsewhere = make_staff(make_organization(), Role.SECURITY_ADMINISTRATOR)
    chair = make_staff(city)
    sign_in(client, chair)
    answers = [client.post(address(person), ASKED) for _number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [PHONE in answer.content.decode() for answer in answers] == [True, True, True, False, False]
    assert (looks().count(), looks("member.reveal_refused").count()) == (3, 2)
    (message,) = Message.objects.filter(kind="members.reveal_limit")
    assert (message.recipient_id, message.context) == (guard.pk, {"number": chair.pk})
    assert not elsewhere.messages.exists()
    sign_in(client, guard)
    assert str(chair.pk) in client.get(reverse("messaging:inbox")).content.decode()
    other = make_staff(city)
    assert field_reveal(actor=other, member=person, field="phone", **ASKED) == PHONE


def test_past_the_limit_the_root_is_told_also_of_somebody_without_a_unit(city, person, settings):
    settings.REVEALS_PER_HOUR = 0
    guard = make_staff(make_province(), Role.SECURITY_ADMINISTRATOR)
    Member.objects.filter(pk=person.pk).update(organization=None)
    with pytest.raises(TooMany):
        field_reveal(actor=make_staff(city), member=Member.objects.get(pk=person.pk), field="phone", **ASKED)
    assert [message.recipient_id for message in Message.objects.filter(kind="members.reveal_limit")] == [guard.pk]


def _many(settings):
    settings.REVEALS_PER_HOUR = 3
    city = make_organization()
    person, chair = make_person(make_unit(city)), make_staff(city)
    work = lambda _number: field_reveal(actor=chair, member=person, field="phone", **ASKED)  # noqa: E731
    return at_once(work, range(12), threads=12)


def test_many_looks_at_once_do_not_pass_the_limit(fresh_database, settings):
    answers = _many(settings)
    assert sum(answer == PHONE for answer in answers) == 3
    assert sum(isinstance(answer, TooMany) for answer in answers) == 9


def test_without_the_lock_they_do(fresh_database, settings, monkeypatch):
    monkeypatch.setattr(locks, "hold", lambda instance: instance)
    assert sum(answer == PHONE for answer in _many(settings)) > 3


def test_an_edit_form_does_not_show_the_phone_and_keeps_it(client, city, person):
    sign_in(client, make_staff(city, Role.MATCHMAKING_OFFICER))
    path = reverse("members:member-update", args=[person.pk])
    assert PHONE not in client.get(path).content.decode()
    sent = {"name": "示例改名", "marital_status": "single", "version": 1}
    assert client.post(path, {**sent, "phone": ""}).status_code == 302
    assert (Member.objects.get(pk=person.pk).name, Member.objects.get(pk=person.pk).phone) == ("示例改名", PHONE)
    answer = client.post(path, {**sent, "phone": "12000000778"})
    assert answer.status_code == 409
    assert PHONE not in answer.content.decode()
    assert client.post(path, {**sent, "version": 2, "phone": "12000000778"}).status_code == 302
    # The person has an account, so the new number is proposed and not yet set.
    assert Member.objects.get(pk=person.pk).phone == PHONE
    assert PhoneChange.objects.get(member=person).phone == "12000000778"
