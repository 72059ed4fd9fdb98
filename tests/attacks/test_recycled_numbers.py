"""A phone number and the wrong person.

Network operators give a number that was given up to a stranger; or a roster has a number that now belongs to someone
else.
"""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.roles import Role
from portal.members.backends import login_key_of_phone
from portal.members.choices import IdentityKind, ProofMeans
from portal.members.models import Member, SignInCode
from portal.members.real_names import demo_cards_issue
from portal.members.services.people import phone_index_of
from portal.members.services.phones import recover_by_person
from portal.members.services.proofs import sighting_note
from portal.members.services.recovery import paper_codes_renew, secrets_open_by_code
from portal.members.services.sign_in import code_confirm
from portal.messaging.channels import FileSms
from portal.messaging.models import Mailbox, Message
from tests.factories.members import (
    identity_number,
    make_duty,
    make_entry,
    make_member,
    make_staff,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
PHONE, NUMBER = phone_number(3501), identity_number(71)
STRANGER = ("示例别人", identity_number(72))
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
PRIVATE = ["members:child-list", "matchmaking:introduction-list", "matchmaking:single-home"]


@pytest.fixture(autouse=True)
def surroundings(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.fixture
def unit():
    return make_unit(make_organization())


@pytest.fixture
def her(unit):
    """A confirmed account that has not been used for a hundred days."""
    long_ago = timezone.now() - timedelta(days=100)
    return make_member(
        unit,
        name="示例受害",
        phone=PHONE,
        login_key=login_key_of_phone(PHONE),
        phone_confirmed_at=timezone.now() - timedelta(days=300),
        last_login=long_ago,
        identity_kind=IdentityKind.RESIDENT,
        identity_number=NUMBER,
    )


def fresh(member):
    return Member.objects.get(pk=member.pk)


def code_to(phone, client):
    client.post(reverse("members:sign-in"), {"phone": phone})
    return CODE.search(next(one["text"] for one in FileSms.sent() if one["phone"] == phone))[0]


def enter(phone=PHONE):
    client = Client()
    client.post(reverse("members:sign-in-code"), {"code": code_to(phone, client)})
    return client


def closed_pages(client):
    session = client.session
    session["code_at"] = int(time.time())
    session.save()
    proof = reverse("members:proof")
    return [name for name in PRIVATE if client.get(reverse(name)).headers.get("Location", "").startswith(proof)]


def told(member):
    return sorted(Message.objects.filter(recipient=member, kind="members.idle").values_list("channel", flat=True))


# -- the number of a stranger ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cards", [[(PHONE, *STRANGER)], []])
def test_the_code_of_a_stranger_opens_no_private_page_of_an_idle_account(her, cards):
    (pk,) = reserve_pks(Mailbox)
    Mailbox.objects.create(pk=pk, member=her, address="her@example.org", confirmed_at=timezone.now())
    demo_cards_issue(cards)

    stranger = enter()

    assert closed_pages(stranger) == PRIVATE
    assert not fresh(her).opens_secrets
    # Not sent by text message, which would go to the stranger.
    assert told(her) == ["email", "in_app"]
    assert AuditEntry.objects.about(her).filter(action="member.idle").exists()


def test_nor_does_the_mere_passage_of_time(her):
    demo_cards_issue([(PHONE, *STRANGER)])
    enter()
    SignInCode.objects.all().delete()
    Member.objects.filter(pk=her.pk).update(last_login=timezone.now() - timedelta(days=60))
    assert closed_pages(enter()) == PRIVATE


def test_who_never_signed_in_is_asked_as_well(her):
    Member.objects.filter(pk=her.pk).update(last_login=None)
    assert closed_pages(enter()) == PRIVATE


def test_a_person_who_comes_back_after_a_long_time_notices_nothing(her):
    demo_cards_issue([(PHONE, her.name, NUMBER)])
    assert closed_pages(enter()) == []
    assert (fresh(her).proof, told(her)) == (ProofMeans.SET_UP, [])


def test_a_person_who_signed_in_lately_is_not_asked(her):
    demo_cards_issue([(PHONE, *STRANGER)])
    Member.objects.filter(pk=her.pk).update(last_login=timezone.now() - timedelta(days=80))
    assert (closed_pages(enter()), told(her)) == ([], [])


def test_nor_one_who_uses_the_portal_without_signing_in_anew(her, client):
    demo_cards_issue([(PHONE, *STRANGER)])
    session = sign_in(client, her).session
    session["signed_in_at"] = session["seen_at"] = int(time.time()) - 5 * 24 * 3600
    session.save()
    Member.objects.filter(pk=her.pk).update(last_login=timezone.now() - timedelta(days=100))
    client.get(reverse("members:security"))
    assert (closed_pages(enter()), told(her)) == ([], [])


def test_nor_one_whose_number_was_confirmed_lately(her):
    Member.objects.filter(pk=her.pk).update(phone_confirmed_at=timezone.now() - timedelta(days=3))
    assert closed_pages(enter()) == []


def test_a_recovery_code_opens_the_pages_again(her):
    (code, *_others) = paper_codes_renew(member=her)
    stranger = enter()
    assert closed_pages(stranger) == PRIVATE
    secrets_open_by_code(member=fresh(her), code=code, actor_key="x")
    assert closed_pages(stranger) == []


def test_two_sightings_do_and_earlier_ones_do_not(her, unit):
    staff = [make_staff(unit, Role.CADRE), make_staff(unit.parent)]
    for actor in staff:
        sighting_note(actor=actor, member=her, phone_index=her.phone_index)
    returned = enter()
    sighting_note(actor=staff[0], member=her, phone_index=her.phone_index)
    assert closed_pages(returned) == PRIVATE
    sighting_note(actor=staff[1], member=her, phone_index=her.phone_index)
    assert closed_pages(returned) == []


# -- a number on the roster that belongs to another person -------------------------------------------------------------

NEW = phone_number(3502)


def recover(her, recovery_code=""):
    typed = code_to(NEW, Client())
    row = code_confirm(code_row=SignInCode.objects.get(phone_index=phone_index_of(NEW)), code=typed)
    words = {"name": her.name, "identity_number": NUMBER, "recovery_code": recovery_code}
    return recover_by_person(code_row=row, actor_key="address.192.0.2.1", **words)


def test_an_entry_typed_with_the_new_number_of_a_person_does_not_keep_the_person_out(her, unit):
    demo_cards_issue([(NEW, her.name, NUMBER)])
    other = make_unit(unit.parent)
    chair = make_staff(other)
    entry = make_entry(other, phone=NEW)

    recover(her)

    assert (fresh(her).phone, fresh(her).opens_secrets) == (NEW, True)
    assert (fresh(entry).phone, fresh(entry).phone_index) == (None, "")
    assert AuditEntry.objects.about(entry).filter(action="member.phone").exists()
    assert Message.objects.filter(recipient=chair, kind="members.phone_cleared", channel="in_app").exists()


def test_the_number_of_an_account_is_not_cleared(her, unit):
    demo_cards_issue([(NEW, her.name, NUMBER)])
    holder = make_member(unit, phone=NEW, login_key=login_key_of_phone(NEW), phone_confirmed_at=timezone.now())
    with pytest.raises(DomainError) as refusal:
        recover(her)
    assert (refusal.value.code, fresh(holder).phone, fresh(her).phone) == ("phone-taken", NEW, PHONE)


def test_a_recovery_code_clears_no_entry(her, unit):
    (code, *_others) = paper_codes_renew(member=her)
    entry = make_entry(unit, phone=NEW)
    make_duty(entry, unit)
    with pytest.raises(DomainError) as refusal:
        recover(her, code)
    assert (refusal.value.code, fresh(entry).phone) == ("phone-taken", NEW)
