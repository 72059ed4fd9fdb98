"""Attempts to lock out another person, to take away a duty, or to flood a person with messages.

The attacker is a member of staff, or a person who knows a number.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.errors import DomainError, TooMany
from portal.core.roles import Role
from portal.members.backends import login_key_of_phone
from portal.members.choices import CodePurpose, IdentityKind, PhoneChangeState
from portal.members.models import Duty, Member, PhoneChange, SignInCode
from portal.members.real_names import demo_cards_issue
from portal.members.rules import can_withdraw_phone
from portal.members.services.invitations import invitation_by_code, invitation_code, invitation_send
from portal.members.services.phones import (
    phone_change_stop,
    phone_change_stop_own,
    phone_set_by_staff,
    roster_update,
    stop_code_of,
)
from portal.members.services.proofs import proof_dispute
from portal.members.services.recovery import paper_codes_renew
from portal.members.services.restoring import account_unlock
from portal.members.services.sign_in import code_send
from portal.members.services.transfers import transfer_ask, transfer_confirm, transfer_withdraw
from portal.messaging.channels import FileSms
from portal.messaging.models import Message
from portal.organizations.services.moving import organization_merge
from tests.factories.members import (
    identity_number,
    make_duty,
    make_entry,
    make_member,
    make_phone_change,
    make_staff,
    make_transfer,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
PHONE, NUMBER = phone_number(2501), identity_number(61)
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.fixture
def unit():
    return make_unit(make_organization())


@pytest.fixture
def her(unit):
    return make_member(
        unit,
        name="示例受害",
        phone=PHONE,
        login_key=login_key_of_phone(PHONE),
        phone_confirmed_at=timezone.now() - timedelta(days=90),
        identity_kind=IdentityKind.RESIDENT,
        identity_number=NUMBER,
    )


def fresh(member):
    return Member.objects.get(pk=member.pk)


def code_of(work, *arguments, **named):
    with pytest.raises(DomainError) as refusal:
        work(*arguments, **named)
    return refusal.value.code


def texts_to(member):
    return Message.objects.filter(recipient=member, channel="sms").count()


# -- taking a duty away ------------------------------------------------------------------------------------------------


def test_who_edits_a_roster_does_not_end_the_duty_of_a_chair_by_a_transfer(unit):
    """An editor of the roster cannot end the duty of a chair by a transfer.

    A second unit asks for the chair; the cadre, who may not end that duty, confirms.
    """
    chair, cadre = make_staff(unit), make_staff(unit, Role.CADRE)
    row = make_transfer(chair, make_unit(unit.parent), asked_by=make_staff(make_unit(unit.parent), Role.CADRE))

    assert code_of(transfer_confirm, transfer=row, actor=fresh(cadre)) == "duty"

    row.refresh_from_db()
    assert (row.is_open, fresh(chair).organization, Duty.objects.get(member=chair).valid_until) == (True, unit, None)
    transfer_confirm(transfer=row, actor=fresh(make_staff(unit.parent)))
    assert fresh(chair).organization != unit


@pytest.mark.parametrize("who", ["chair", "administrator"])
def test_nobody_ends_the_duty_of_an_administrator_by_a_transfer(who):
    root = make_province()
    people = {"chair": make_staff(root), "administrator": make_staff(root, Role.SECURITY_ADMINISTRATOR)}
    watcher = people["administrator"]
    row = make_transfer(watcher, make_unit(make_organization()), asked_by=make_staff(make_organization()))
    assert code_of(transfer_confirm, transfer=row, actor=fresh(people[who])) == "administrator"
    assert Duty.objects.get(member=watcher).valid_until is None


@pytest.mark.parametrize("role", [Role.CADRE, Role.MATCHMAKING_OFFICER])
def test_a_word_of_who_edits_a_roster_takes_no_duty_away(client, role):
    root = make_province()
    attacker = sign_in(client, make_staff(root, role))
    administrators = [make_staff(root, one) for one in (Role.CHAIR, Role.AUDIT_ADMINISTRATOR)]
    people = [make_staff(make_organization()), *administrators]
    for person in people:
        address = reverse("members:member-dispute", args=[person.pk])
        assert attacker.post(address, {"reason": "有人冒用"}).status_code == 403
        assert fresh(person).is_proven


def test_the_level_above_says_so_of_who_holds_a_duty(unit):
    chair = make_staff(unit)
    assert code_of(proof_dispute, actor=make_staff(unit, Role.CADRE), member=chair, reason="x") == "not-yours"
    proof_dispute(actor=make_staff(unit.parent), member=chair, reason="x")
    assert not fresh(chair).is_proven
    watcher = make_staff(make_province(), Role.SECURITY_ADMINISTRATOR)
    other = make_staff(unit.parent)
    proof_dispute(actor=watcher, member=other, reason="x")
    assert not fresh(other).is_proven


def test_who_merges_organisations_ends_no_duty_that_they_could_not_end(unit):
    """A merge of organisations ends no duty that the actor could not end.

    A cadre edits the tree but does not appoint.
    """
    city = make_organization()
    source, target = (make_organization(city, kind="county") for _place in range(2))
    chair = make_staff(source)
    actor = make_staff(city, Role.CADRE)
    with pytest.raises(DomainError) as refusal:
        organization_merge(actor=fresh(actor), source=source, target=target)
    assert (refusal.value.code, "1" in str(refusal.value.message)) == ("duties", True)
    assert (fresh(chair).organization, Duty.objects.get(member=chair).valid_until) == (source, None)


# -- locking out -------------------------------------------------------------------------------------------------------


def test_one_member_of_staff_does_not_say_it_again_and_again(her, unit):
    cadre = make_staff(unit, Role.CADRE)
    proof_dispute(actor=cadre, member=her, reason="x")
    Member.objects.filter(pk=her.pk).update(proven_at=timezone.now())
    before = texts_to(her)
    with pytest.raises(TooMany):
        proof_dispute(actor=cadre, member=her, reason="x")
    assert (fresh(her).is_proven, texts_to(her)) == (True, before)


def test_nor_do_many_in_turn(her, unit):
    for number in range(5):
        actor = make_staff(unit, Role.CADRE)
        if number < 3:
            proof_dispute(actor=actor, member=her, reason="x")
        else:
            with pytest.raises(TooMany):
                proof_dispute(actor=actor, member=her, reason="x")


def test_who_knows_a_number_does_not_use_up_the_tries_of_its_owner_to_stop_a_change(her, unit):
    change = make_phone_change(her, proposed_by=make_staff(unit, Role.CADRE))
    refusals = [code_of(phone_change_stop, phone=PHONE, code="XXXXXX", actor_key="office") for _try in range(12)]
    assert refusals == ["no-change"] * 10 + ["too-many"] * 2
    assert phone_change_stop(phone=PHONE, code=stop_code_of(change), actor_key="home").state == PhoneChangeState.STOPPED


def test_who_knows_an_identity_number_does_not_use_up_the_proofs_of_its_owner(client, her, settings):
    settings.PROOFS_PER_PERSON_AND_DAY = 3
    demo_cards_issue([(PHONE, her.name, NUMBER)])
    Member.objects.filter(pk=her.pk).update(proven_at=None)
    words = {"name": her.name, "identity_number": NUMBER, "recovery_code": "2222-2222-2222"}
    for number in range(4):
        visitor, phone = Client(), phone_number(2600 + number)
        visitor.post(reverse("members:sign-in"), {"phone": phone})
        code = CODE.search(next(one["text"] for one in FileSms.sent() if one["phone"] == phone))[0]
        visitor.post(reverse("members:sign-in-code"), {"code": code})
        assert visitor.post(reverse("members:sign-in-other-number"), words).status_code == 422
    sign_in(client, fresh(her)).post(reverse("members:proof"), {"check": "1"})
    assert fresh(her).is_proven


def code_send_from(address, phone=PHONE):
    """Request a code from ``address``, after the waiting time between two codes."""
    SignInCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    return code_send(phone=phone, purpose=CodePurpose.SIGN_IN, address=address)


def test_who_knows_a_number_does_not_use_up_the_codes_of_its_owner(client, her, settings):
    home = {"REMOTE_ADDR": "192.0.2.7"}
    client.post(reverse("members:sign-in"), {"phone": PHONE}, **home)
    code = CODE.search(next(one["text"] for one in FileSms.sent() if one["phone"] == PHONE))[0]
    client.post(reverse("members:sign-in-code"), {"code": code}, **home)
    for number in range(4):
        code_send_from(f"198.51.100.{number}")

    for number in range(4, 8):
        with pytest.raises(TooMany):
            code_send_from(f"198.51.100.{number}")
    for _time in range(settings.SIGN_IN_CODES_PER_PHONE_AND_HOUR):
        code_send_from("192.0.2.7")
    with pytest.raises(TooMany):
        code_send_from("192.0.2.7")


def test_an_invited_person_is_not_locked_out_from_elsewhere(unit):
    person = make_entry(unit, phone=PHONE)
    make_duty(person, unit)
    row = invitation_send(actor=make_staff(unit.parent), member=person)

    def wrong(address):
        return code_of(invitation_by_code, phone=PHONE, code="XXXXXX", address=address)

    assert [wrong("198.51.100.1") for _try in range(11)] == ["wrong-code"] * 10 + ["too-many"]
    assert invitation_by_code(phone=PHONE, code=invitation_code(row.pk), address="192.0.2.7")
    tries = [wrong(f"203.0.113.{number // 10}") for number in range(100)]
    # Ten from the first network and the right code were counted before.
    assert tries.count("wrong-code") == 89
    assert code_of(invitation_by_code, phone=PHONE, code=invitation_code(row.pk), address="192.0.2.8") == "too-many"


@pytest.mark.parametrize("step", ["withdraw", "overtake"])
def test_a_cadre_does_not_stop_a_change_of_phone_that_the_level_above_proposed(client, her, unit, step):
    above, cadre = make_staff(unit.parent), make_staff(unit, Role.CADRE)
    change = phone_change_waits(her, above)
    steps = {
        "withdraw": (reverse("members:phone-change-withdraw", args=[change.pk]), {}),
        "overtake": (
            reverse("members:member-update", args=[her.pk]),
            {"name": her.name, "marital_status": "single", "version": her.version, "phone": phone_number(2702)},
        ),
    }
    address, words = steps[step]
    assert sign_in(client, cadre).post(address, words).status_code in (403, 409, 422)
    assert list(PhoneChange.objects.waiting()) == [change]


def phone_change_waits(member, actor):
    phone_set_by_staff(actor=actor, member=member, phone=phone_number(2701))
    return PhoneChange.objects.get()


def test_who_proposed_it_or_appoints_there_withdraws_and_overtakes(her, unit):
    cadre, chair = make_staff(unit, Role.CADRE), make_staff(unit)
    change = phone_change_waits(her, cadre)
    assert [can_withdraw_phone(fresh(actor), change) for actor in (cadre, chair)] == [True, True]
    assert not can_withdraw_phone(make_staff(unit, Role.MATCHMAKING_OFFICER), change)
    phone_set_by_staff(actor=fresh(cadre), member=her, phone=phone_number(2703))
    phone_set_by_staff(actor=fresh(chair), member=her, phone=phone_number(2704))
    assert PhoneChange.objects.waiting().get().proposed_by == chair


# -- flooding with messages --------------------------------------------------------------------------------------------


def test_a_number_that_the_person_stopped_is_not_proposed_again_by_the_same_desk(her, unit):
    cadre, above = make_staff(unit, Role.CADRE), make_staff(unit.parent)

    def propose(actor):
        member = fresh(her)
        return roster_update(actor=actor, member=member, version=member.version, phone=phone_number(2700))

    propose(cadre)
    phone_change_stop_own(member=her, change=PhoneChange.objects.get())
    assert code_of(propose, cadre) == "stopped"
    assert code_of(propose, make_staff(unit, Role.MATCHMAKING_OFFICER)) == "stopped"
    propose(above)
    assert PhoneChange.objects.waiting().count() == 1


@pytest.mark.parametrize("step", ["paper", "unlock"])
def test_ten_steps_a_day_on_one_account(her, unit, step):
    actor = make_staff(unit.parent)
    steps = {
        "paper": lambda: paper_codes_renew(member=her, handed_by=actor),
        "unlock": lambda: account_unlock(actor=actor, member=her, reason="x"),
    }
    for _time in range(10):
        steps[step]()
    with pytest.raises(TooMany):
        steps[step]()
    assert texts_to(her) == 10


def test_a_person_is_not_asked_to_move_again_and_again(her, unit):
    other = make_unit(unit.parent)
    asker = make_staff(other, Role.CADRE)
    for number in range(4):
        if number == 3:
            with pytest.raises(TooMany):
                transfer_ask(actor=asker, organization=other, identity_number=NUMBER)
            break
        row = transfer_ask(actor=asker, organization=other, identity_number=NUMBER)
        transfer_withdraw(transfer=row, actor=asker)
    assert texts_to(her) == 3


def test_a_duty_of_ones_own_may_end_by_a_transfer(unit):
    person = make_member(unit)
    make_duty(person, unit, Role.EDITOR, valid_from=timezone.localdate() - timedelta(days=3))
    row = make_transfer(person, make_unit(unit.parent), asked_by=make_staff(make_unit(unit.parent)))
    transfer_confirm(transfer=row, actor=fresh(person))
    assert Duty.objects.get(member=person).valid_until == timezone.localdate()
