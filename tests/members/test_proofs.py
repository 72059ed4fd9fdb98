"""Confirming people: their own page, the counter, a meeting, the list after seven days.

Also what the person is told.
"""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.backends import login_key_of_phone
from portal.members.choices import IdentityKind, InvitationPurpose, ProofMeans
from portal.members.models import Invitation, Member, PhoneChange
from portal.members.real_names import demo_cards_issue
from portal.members.reminders import accounts_opened
from portal.members.services.phones import (
    phone_change_apply,
    phone_change_stop,
    phone_change_withdraw,
    phone_changes_keep_time,
    stop_code_of,
)
from portal.members.services.proofs import shown_code
from portal.messaging.channels import FileSms
from portal.messaging.models import Mailbox, Message
from portal.messaging.services.messages import deliver_due
from tests.factories.members import identity_number, make_member, make_phone_change, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
PHONE = phone_number(1501)
DIGITS = re.compile(r"(\d{4}) (\d{4})")


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.fixture
def unit():
    return make_unit(make_organization())


def make_provisional(unit, phone=PHONE, **fields):
    fields = {"proven_at": None, "proof": "", "phone_confirmed_at": timezone.now(), **fields}
    return make_member(unit, phone=phone, login_key=login_key_of_phone(phone), **fields)


def fresh(member):
    return Member.objects.get(pk=member.pk)


def shown(member):
    """Return the eight digits on the person's own page."""
    page = sign_in(Client(), member).post(reverse("members:proof"), {"show": "1"})
    return "".join(DIGITS.search(page.content.decode()).groups())


def test_a_meeting_confirms_many_in_two_steps(client, unit):
    people = [make_provisional(unit, phone_number(1510 + number)) for number in range(3)]
    codes = "\n".join(shown(person) for person in people)
    page = reverse("members:people-confirm")
    sign_in(client, make_staff(unit))
    asked = client.post(page, {"codes": codes, "how": "in_person"})
    assert asked.status_code == 200
    assert all(person.name in asked.content.decode() for person in people)
    assert not any(person.sightings.exists() for person in people)
    assert client.post(page, {"codes": codes, "how": "in_person", "sure": "1"}).status_code == 302
    assert [fresh(person).is_proven for person in people] == [False] * 3
    other = sign_in(Client(), make_staff(make_unit(unit.parent)))
    other.post(page, {"codes": codes, "how": "in_person", "sure": "1"})
    assert [fresh(person).proof for person in people] == [ProofMeans.SEEN] * 3


def test_a_code_is_for_staff_of_the_county_alone(client, unit):
    code = shown(make_provisional(unit))
    sign_in(client, make_staff(make_organization()))
    assert client.post(reverse("members:people-confirm"), {"codes": code, "how": "in_person"}).status_code == 422


def test_the_counter_sends_a_code_that_the_person_reads_out(client, unit):
    person = make_provisional(unit)
    page = reverse("members:member-seen", args=[person.pk])
    sign_in(client, make_staff(unit.parent))
    client.post(page, {"send": "1"})
    code = re.search(r"(?<!\d)\d{6}(?!\d)", FileSms.sent()[0]["text"])[0]
    assert client.post(page, {"code": "000000", "how": "in_person"}).status_code == 422
    assert client.post(page, {"code": code, "how": "video"}).status_code == 302
    assert [row.how for row in fresh(person).sightings.all()] == ["video"]
    assert client.post(page, {"code": code, "how": "video"}).status_code == 422


def test_the_operator_confirms_on_the_persons_page(client, unit):
    person = make_provisional(unit, identity_kind=IdentityKind.RESIDENT, identity_number=identity_number(55))
    sign_in(client, person)
    assert client.post(reverse("members:proof"), {"check": "1"}).status_code == 422
    demo_cards_issue([(PHONE, person.name, identity_number(55))])
    assert client.post(reverse("members:proof"), {"check": "1"}).status_code == 302
    assert (fresh(person).proof, fresh(person).opens_secrets) == (ProofMeans.OPERATOR, True)


def test_after_seven_days_another_pair_of_eyes_gets_the_list(unit):
    cadre, chair = make_staff(unit, Role.CADRE), make_staff(unit)
    opened = timezone.now() - timedelta(days=7)
    make_provisional(unit, entered_by=cadre, activated_at=opened)
    Member.objects.filter(pk__in=[cadre.pk, chair.pk]).update(activated_at=opened - timedelta(days=90))
    found = list(accounts_opened(timezone.now()))
    assert [(due.to, due.about, due.context["count"]) for due in found] == [(chair, unit, 1)]


def test_a_change_is_told_by_every_way_that_is_known_whatever_was_chosen(unit):
    person = make_provisional(unit, proven_at=timezone.now())
    Mailbox.objects.create(
        pk=7001, member=person, address="ann@example.org", address_index="a", confirmed_at=timezone.now()
    )
    make_phone_change(person, phone=phone_number(1599), due_at=timezone.now(), proposed_by=make_staff(unit))
    phone_changes_keep_time()
    deliver_due()
    assert {one["phone"] for one in FileSms.sent()} == {PHONE, phone_number(1599)}
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"]]
    assert Message.objects.filter(recipient=person, kind="members.phone_changed", channel="in_app").count() == 1
    # The outbox forgets the earlier number once it has been told.
    assert not Message.objects.exclude(address=None).exists()


def test_the_earlier_number_closes_an_account_that_moved_without_proof(unit):
    person = make_provisional(unit, proven_at=timezone.now())
    change = make_phone_change(person, phone=phone_number(1599), due_at=timezone.now(), proposed_by=make_staff(unit))
    phone_changes_keep_time()
    change = PhoneChange.objects.get(pk=change.pk)
    phone_change_stop(phone=PHONE, code=stop_code_of(change), actor_key="a")
    held = fresh(person)
    assert (held.phone, held.phone_index, held.login_key, held.is_proven) == (None, "", None, False)


def test_the_history_of_an_account_names_what_happened(client, unit):
    person = make_provisional(unit, proven_at=timezone.now())
    make_phone_change(person, phone=phone_number(1599), due_at=timezone.now(), proposed_by=make_staff(unit))
    phone_changes_keep_time()
    sign_in(client, fresh(person))
    entries = client.get(reverse("members:account-history")).context_data["entries"]
    assert "members.phone" not in str(entries)
    assert len(entries) == 2


def test_a_change_that_was_withdrawn_meanwhile_takes_no_effect(unit):
    person, staff = make_provisional(unit), make_staff(unit)
    change = make_phone_change(person, phone=phone_number(1599), proposed_by=staff)
    phone_change_withdraw(actor=staff, change=PhoneChange.objects.get(pk=change.pk))
    with pytest.raises(DomainError) as refused:
        phone_change_apply(change=change, means=ProofMeans.SEEN, actor=staff)
    assert refused.value.code == "over"
    assert fresh(person).phone == PHONE


def test_an_account_without_a_number_shows_no_code(unit):
    now = timezone.now()
    person = make_member(unit, phone_confirmed_at=None)
    handed = {"salt": "a", "token_hash": "a", "expires_at": now, "used_at": now, "handed_at": now}
    Invitation.objects.create(member=person, purpose=InvitationPurpose.ACCOUNT, **handed)
    with pytest.raises(DomainError) as refused:
        shown_code(member=person)
    assert refused.value.code == "no-phone"
