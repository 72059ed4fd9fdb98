"""One member of staff tries to act as another person, by steps each of which is allowed.

Each test is a chain that once worked, or one like it: the roster, a code, the last digits of a number, an invitation, a
confirmation by the unit, a transfer. At its end the attacker can read nothing that only the person may read, and the
person has been told.
"""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.services.on_the_day import check_in, check_in_undo
from portal.core.errors import DomainError, TooMany
from portal.core.roles import Role
from portal.core.text import mask_identity
from portal.members.backends import login_key_of_phone
from portal.members.choices import IdentityKind, PhoneChangeState, ProofMeans, SightingMeans
from portal.members.models import Duty, Invitation, Member, PhoneChange
from portal.members.real_names import demo_cards_issue
from portal.members.services.invitations import invitation_accept, invitation_find, invitation_link, invitation_send
from portal.members.services.people import phone_index_of
from portal.members.services.phones import phone_change_apply, phone_changes_keep_time
from portal.members.services.proofs import sighting_note
from portal.members.services.recovery import paper_codes_renew, secrets_open_by_code
from portal.members.services.transfers import transfer_ask
from portal.members.services.vouching import vouching_grant
from portal.messaging.channels import FileSms
from portal.messaging.models import Message
from portal.messaging.services.messages import deliver_due
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.members import (
    identity_number,
    make_duty,
    make_entry,
    make_member,
    make_phone_change,
    make_staff,
    make_vouching,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
HER_PHONE, HIS_PHONE = phone_number(501), phone_number(502)
HER_NUMBER = identity_number(41)
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
# Private pages that are closed to a provisional account and after a change of phone.
PRIVATE = [
    "members:child-list",
    "members:member-download",
    "members:member-readers",
    "members:phone-own",
    "matchmaking:introduction-list",
    "matchmaking:single-home",
    "matchmaking:single-list",
    "matchmaking:my-matchmaker-detail",
]


@pytest.fixture(autouse=True)
def surroundings(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.fixture
def unit():
    return make_unit(make_organization())


@pytest.fixture
def her(unit):
    """An account with a phone of its own, confirmed long ago.

    The network operator knows the card.
    """
    demo_cards_issue([(HER_PHONE, "示例受害", HER_NUMBER), (HIS_PHONE, "示例干部", identity_number(42))])
    return make_member(
        unit,
        name="示例受害",
        phone=HER_PHONE,
        login_key=login_key_of_phone(HER_PHONE),
        phone_confirmed_at=timezone.now(),
        identity_kind=IdentityKind.RESIDENT,
        identity_number=HER_NUMBER,
    )


def fresh(member):
    return Member.objects.get(pk=member.pk)


def last_code(phone):
    return CODE.search(next(one["text"] for one in FileSms.sent() if one["phone"] == phone))[0]


def enter(phone, name):
    """Request a code for ``phone``, then type the code and the name.

    Returns the client, signed in or not.
    """
    client = Client()
    client.post(reverse("members:sign-in"), {"phone": phone})
    page = client.post(reverse("members:sign-in-code"), {"code": last_code(phone)})
    if page.headers["Location"] == reverse("members:sign-in-activate"):
        client.post(reverse("members:sign-in-activate"), {"name": name})
    return client


def signed_in(client):
    return "_auth_user_id" in client.session


def closed_pages(client):
    """Return which of the private pages redirect to the page of confirmations."""
    session = client.session
    session["code_at"] = int(time.time())
    session.save()
    proof = reverse("members:proof")
    return [name for name in PRIVATE if client.get(reverse(name)).headers.get("Location", "").startswith(proof)]


def texts_to(phone):
    deliver_due()
    return [one["text"] for one in FileSms.sent() if one["phone"] == phone]


@pytest.mark.parametrize("role", [Role.CADRE, Role.CHAIR, Role.MATCHMAKING_OFFICER])
def test_a_phone_on_the_roster_does_not_become_the_key_of_an_account(client, her, unit, role):
    attacker = sign_in(client, make_staff(unit, role))
    edit = {"name": her.name, "marital_status": "single", "version": her.version, "phone": HIS_PHONE}
    assert attacker.post(reverse("members:member-update", args=[her.pk]), edit).status_code == 302

    as_her = enter(HIS_PHONE, her.name)

    assert not signed_in(as_her)
    assert (fresh(her).phone, fresh(her).login_key) == (HER_PHONE, her.login_key)
    assert any("另一号码" in text or "新号码" in text or "another number" in text for text in texts_to(HER_PHONE))
    assert Message.objects.filter(recipient=her, kind="members.phone_proposed", channel="in_app").exists()


def test_the_level_above_alone_does_not_turn_it_either(client, her):
    attacker = sign_in(client, make_staff(her.organization.parent))
    propose = {"phone": HIS_PHONE, "reason": "换号了"}
    assert attacker.post(reverse("members:member-phone", args=[her.pk]), propose).status_code == 302
    change = PhoneChange.objects.get()
    seen = reverse("members:phone-change-seen", args=[change.pk])
    attacker.post(seen, {"send": "1"})
    attacker.post(seen, {"code": last_code(HIS_PHONE), "how": SightingMeans.IN_PERSON})

    assert (fresh(her).phone, PhoneChange.objects.get().state) == (HER_PHONE, PhoneChangeState.WAITING)
    assert not signed_in(enter(HIS_PHONE, her.name))


def test_what_three_days_without_objection_open_is_provisional_and_stays_so(client, her, unit):
    attacker = sign_in(client, make_staff(unit, Role.CADRE))
    edit = {"name": her.name, "marital_status": "single", "version": her.version, "phone": HIS_PHONE}
    attacker.post(reverse("members:member-update", args=[her.pk]), edit)
    PhoneChange.objects.update(due_at=timezone.now())
    phone_changes_keep_time()

    as_her = enter(HIS_PHONE, her.name)

    assert signed_in(as_her)
    assert closed_pages(as_her) == PRIVATE
    # Time does not open them either: only a confirmation of the person does.
    Member.objects.filter(pk=her.pk).update(secrets_closed_until=timezone.now())
    assert closed_pages(as_her) == PRIVATE
    as_her.post(reverse("members:proof"), {"check": "1"})
    assert not fresh(her).is_proven


def test_a_first_activation_opens_no_private_page(client, unit):
    demo_cards_issue([(HIS_PHONE, "示例干部", identity_number(42))])
    entry = make_entry(unit, name="示例新人", identity_kind=IdentityKind.RESIDENT, identity_number=HER_NUMBER)
    attacker = sign_in(client, make_staff(unit, Role.CADRE))
    edit = {"name": entry.name, "marital_status": "single", "version": 1, "phone": HIS_PHONE}
    attacker.post(reverse("members:member-update", args=[entry.pk]), edit)

    as_her = enter(HIS_PHONE, entry.name)

    assert signed_in(as_her)
    assert closed_pages(as_her) == PRIVATE
    assert as_her.get(reverse("members:me")).status_code == 200
    assert as_her.get(reverse("notices:posted-list")).status_code == 200


def test_what_a_cadre_reads_of_a_number_proves_nothing(unit):
    """What a cadre can read of an identity number proves nothing.

    The last digits of a number once opened accounts; a masked number left 31 guesses.
    """
    entry = make_entry(
        unit, name="示例新人", phone=HIS_PHONE, identity_kind=IdentityKind.RESIDENT, identity_number=HER_NUMBER
    )
    as_her = Client()
    as_her.post(reverse("members:sign-in"), {"phone": HIS_PHONE})
    as_her.post(reverse("members:sign-in-code"), {"code": last_code(HIS_PHONE)})
    for end in (HER_NUMBER, HER_NUMBER[-6:], HER_NUMBER[-4:]):
        as_her.post(reverse("members:sign-in-activate"), {"name": end, "proof": end})
    assert not signed_in(as_her)
    assert (fresh(entry).login_key, mask_identity(HER_NUMBER)) == (None, HER_NUMBER[:3] + "*" * 15)


@pytest.mark.parametrize("again", [False, True])
def test_one_member_of_staff_sees_a_person_once_however_often(her, again):
    Member.objects.filter(pk=her.pk).update(proven_at=None)
    chair = make_staff(her.organization.parent)
    for _time in range(2 if again else 1):
        sighting_note(actor=chair, member=her, phone_index=her.phone_index, how=SightingMeans.IN_PERSON)
    assert not fresh(her).is_proven


def test_two_of_one_unit_do_not_confirm_and_one_from_outside_does(her, unit):
    Member.objects.filter(pk=her.pk).update(proven_at=None)
    for actor in (make_staff(unit), make_staff(unit, Role.CADRE)):
        sighting_note(actor=actor, member=her, phone_index=her.phone_index, how=SightingMeans.IN_PERSON)
    assert not fresh(her).is_proven
    sighting_note(
        actor=make_staff(make_unit(unit.parent)), member=her, phone_index=her.phone_index, how=SightingMeans.VIDEO
    )
    assert (fresh(her).is_proven, fresh(her).proof) == (True, ProofMeans.SEEN)


def test_a_puppet_is_no_second_pair_of_eyes(her, unit):
    Member.objects.filter(pk=her.pk).update(proven_at=None)
    chair = make_staff(unit.parent)
    puppet = make_member(unit.parent, entered_by=chair)
    make_duty(puppet, unit.parent, Role.CADRE, given_by=chair)
    for actor in (chair, puppet):
        sighting_note(actor=fresh(actor), member=her, phone_index=her.phone_index, how=SightingMeans.IN_PERSON)
    assert not fresh(her).is_proven


def test_who_prints_paper_codes_does_not_move_the_account_with_them(client, her, unit):
    """A member of staff who prints paper codes does not move the account with them.

    One member of staff alone prints codes for a person, proposes a number, and uses the code themselves.
    """
    own = paper_codes_renew(member=her)
    attacker = make_staff(unit, Role.CADRE)
    printed = paper_codes_renew(member=her, handed_by=attacker)
    sign_in(client, attacker)
    edit = {"name": her.name, "marital_status": "single", "version": her.version, "phone": HIS_PHONE}
    client.post(reverse("members:member-update", args=[her.pk]), edit)
    change = PhoneChange.objects.get()
    answer = client.post(reverse("members:phone-change-paper", args=[change.pk]), {"code": printed[0]})
    assert (answer.status_code, fresh(her).phone) == (422, HER_PHONE)
    # Another member of staff applies the change, and then the account is provisional; the person's own codes still open
    # it.
    other = sign_in(Client(), make_staff(unit.parent))
    other.post(reverse("members:phone-change-paper", args=[change.pk]), {"code": printed[0]})
    assert (fresh(her).phone, fresh(her).opens_secrets) == (HIS_PHONE, False)
    with pytest.raises(DomainError):
        secrets_open_by_code(member=her, code=printed[1], actor_key="a")
    assert secrets_open_by_code(member=her, code=own[0], actor_key="a").opens_secrets


def test_the_earlier_number_opens_private_pages_and_the_new_one_does_not(her, unit):
    chair, above = make_staff(unit), make_staff(unit.parent)
    change = make_phone_change(her, phone=HIS_PHONE, phone_index=phone_index_of(HIS_PHONE), proposed_by=chair)
    for actor in (chair, above):
        sighting_note(actor=actor, member=her, phone_index=change.phone_index, how=SightingMeans.IN_PERSON)
    phone_change_apply(change=change, means=ProofMeans.SEEN, actor=above)
    assert (fresh(her).is_proven, fresh(her).opens_secrets) == (True, False)
    page = sign_in(Client(), fresh(her))
    address = reverse("members:proof-old-phone")
    page.post(address, {"send": "1"})
    assert [one["phone"] for one in FileSms.sent()][:1] == [HER_PHONE]
    page.post(address, {"code": "000000"})
    assert not fresh(her).opens_secrets
    page.post(address, {"code": last_code(HER_PHONE)})
    assert fresh(her).opens_secrets


def test_a_sighting_counts_for_the_phone_it_was_made_with(her, unit):
    """A sighting counts only for the phone with which it was made.

    Seeing a person with the old phone does not confirm the holder of the next one.
    """
    for actor in (make_staff(unit), make_staff(unit.parent)):
        sighting_note(actor=actor, member=her, phone_index=her.phone_index, how=SightingMeans.IN_PERSON)
    PhoneChange.objects.create(
        pk=9001, member=her, phone=HIS_PHONE, phone_index="x", old_phone_index=her.phone_index, salt="s",
        due_at=timezone.now(), proposed_by=make_staff(unit),
    )  # fmt: skip
    phone_changes_keep_time()
    assert not fresh(her).is_proven


def test_the_entrance_counts_as_one_pair_of_eyes_and_by_the_ticket_alone(unit):
    """Check-in at the entrance counts as one sighting, and only by the admission ticket.

    A card number can be read off a list; the digits of the ticket are on the person's phone.
    """
    event = make_event(unit.parent, state=EventState.RUNNING)
    row = make_participation(event, code="123456")
    person = row.member
    yesterday = timezone.now() - timedelta(days=1)
    Member.objects.filter(pk=person.pk).update(proven_at=None, phone_index="own", phone_confirmed_at=yesterday)
    row = type(row).objects.select_related("member__organization", "offering").get(pk=row.pk)
    unit = row.member.organization
    organiser = make_staff(unit.parent)
    assert check_in(event=event, row=row, actor=organiser, ticket=False).arrival == "come_in"
    assert not fresh(person).sightings.exists()
    check_in_undo(row=row, actor=organiser)
    check_in(event=event, row=row, actor=organiser, ticket=True)
    seen = [one.how for one in fresh(person).sightings.all()]
    assert (seen, fresh(person).is_proven) == ([SightingMeans.CHECK_IN], False)
    sighting_note(actor=make_staff(unit), member=person, phone_index="own", how=SightingMeans.IN_PERSON)
    assert fresh(person).is_proven


def test_a_code_shown_by_one_account_confirms_no_other(client, her, unit):
    Member.objects.filter(pk=her.pk).update(proven_at=None)
    staff = sign_in(client, make_staff(unit.parent))
    for code in ("00000000", "12345678", "１２３４５６７８", "", "1234"):
        answer = staff.post(reverse("members:people-confirm"), {"codes": code, "how": "in_person", "sure": "1"})
        assert answer.status_code == 422
    assert not fresh(her).sightings.exists()


def test_tries_are_counted_per_person_and_actor_and_tell_the_security_administrators(client, her, settings):
    settings.PROOFS_PER_ACTOR_AND_DAY, settings.PROOFS_PER_PERSON_AND_DAY = 100, 3
    security = make_staff(make_province(), Role.SECURITY_ADMINISTRATOR)
    words = {"name": her.name, "identity_number": HER_NUMBER, "recovery_code": ""}
    statuses = []
    for number in range(5):
        phone = phone_number(600 + number)
        visitor = Client()
        visitor.post(reverse("members:sign-in"), {"phone": phone})
        visitor.post(reverse("members:sign-in-code"), {"code": last_code(phone)})
        statuses.append(visitor.post(reverse("members:sign-in-other-number"), words).status_code)
        assert not signed_in(visitor)
    assert statuses == [422] * 5
    assert Message.objects.filter(recipient=security, kind="members.proof_alarm").count() == 1


def test_the_codes_of_the_installation_have_a_ceiling(settings):
    settings.SIGN_IN_CODES_PER_HOUR = 3
    for number in range(5):
        Client().post(reverse("members:sign-in"), {"phone": phone_number(700 + number)})
    assert len(FileSms.sent()) == 3


def test_a_household_of_ipv6_is_one_address(settings):
    settings.SIGN_IN_CODES_PER_ADDRESS_AND_HOUR = 2
    for number in range(4):
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number + 1:x}").post(
            reverse("members:sign-in"), {"phone": phone_number(800 + number)}
        )
    assert len(FileSms.sent()) == 2
    Client(REMOTE_ADDR="2001:db8:1:3::1").post(reverse("members:sign-in"), {"phone": phone_number(810)})
    assert len(FileSms.sent()) == 3


def invited(unit):
    """A future chair, with a link on its way to the phone on the roster."""
    entry = make_entry(unit, name="示例主席", phone=phone_number(503))
    make_duty(entry, unit, Role.CHAIR)
    return entry, invitation_send(actor=make_staff(unit.parent), member=entry)


def test_a_link_is_void_with_the_phone_it_was_made_for(unit):
    entry, row = invited(unit)
    link = invitation_link(row.pk)
    Member.objects.filter(pk=entry.pk).update(phone_index="another")
    assert invitation_link(row.pk) == ""
    with pytest.raises(DomainError) as refusal:
        invitation_find(link.rstrip("/").rsplit("/", 1)[1])
    assert refusal.value.code == "spent"
    before = len(FileSms.sent())
    deliver_due()
    assert [one for one in FileSms.sent()[before:] if one["phone"] != entry.phone] == []


def test_another_invitation_begins_no_new_count(unit):
    entry, row = invited(unit)
    refusals = []
    for _try in range(12):
        try:
            invitation_accept(invitation=row, login_name="x1", password="Zhuyi-Anquan-2026", name="错")
        except DomainError as error:
            refusals.append(error)
        row = invitation_send(actor=make_staff(unit.parent), member=entry)
    assert [type(error) for error in refusals[10:]] == [TooMany, TooMany]


def test_an_invited_account_has_no_rights_before_the_person_is_confirmed(unit):
    entry, row = invited(unit)
    held = invitation_accept(invitation=row, login_name="zhuxi", password="Zhuyi-Anquan-2026", name="示例主席")
    assert (held.pk, held.is_proven, fresh(entry).duties, fresh(entry).is_desk) == (entry.pk, False, [], False)


def test_vouching_moves_no_phone_of_an_appointed_person(unit):
    number = identity_number(43)
    appointed = make_entry(
        unit, name="示例主席", phone=phone_number(504), identity_kind=IdentityKind.RESIDENT, identity_number=number
    )
    make_duty(appointed, unit, Role.CHAIR)
    asked = make_vouching(unit, name="示例主席", identity_number=number)
    with pytest.raises(DomainError) as refusal:
        vouching_grant(
            actor=make_staff(unit, Role.CADRE),
            vouching=asked,
            until=timezone.localdate() + timedelta(days=30),
        )
    assert (refusal.value.code, fresh(appointed).phone, fresh(appointed).login_key) == (
        "duty",
        phone_number(504),
        None,
    )
    assert Invitation.objects.filter(member=appointed).count() == 0


def test_a_provisional_account_answers_no_transfer(her, unit):
    """A provisional account cannot answer a transfer.

    The person may confirm a transfer; the holder of a phone that staff wrote may not.
    """
    Member.objects.filter(pk=her.pk).update(proven_at=None)
    other = make_unit(unit.parent)
    row = transfer_ask(actor=make_staff(other), organization=other, identity_number=HER_NUMBER)
    as_her = sign_in(Client(), fresh(her))
    answer = as_her.post(reverse("members:transfer-confirm", args=[row.pk]))
    assert answer.headers["Location"].startswith(reverse("members:proof"))
    row.refresh_from_db()
    assert row.is_open


def test_a_provisional_account_sets_no_address_for_later(her):
    Member.objects.filter(pk=her.pk).update(proven_at=None)
    as_her = sign_in(Client(), fresh(her))
    as_her.post(reverse("messaging:mailbox-update"), {"address": "cadre@example.org"})
    assert not hasattr(fresh(her), "mailbox")


def test_private_messages_are_closed_with_the_pages(her):
    Message.objects.create(recipient=her, kind="matchmaking.reveal_match", channel="in_app", state="delivered")
    Message.objects.create(recipient=her, kind="members.factor", channel="in_app", state="delivered")
    assert Message.objects.visible_to(fresh(her)).count() == 2
    Member.objects.filter(pk=her.pk).update(secrets_closed_until=timezone.now() + timedelta(days=3))
    assert [row.kind for row in Message.objects.visible_to(fresh(her))] == ["members.factor"]


def test_duties_wait_for_the_person(unit):
    member = make_staff(unit, proven_at=None, proof="")
    assert (member.duties, member.is_staff, member.has_perm("members.view_member")) == ([], False, False)
    assert Duty.objects.filter(member=member).count() == 1
