"""One person alone never gains a duty, neither for themselves nor for an account they control.

Each member of staff uses what is open to them: the pages, the admin, the lists from Excel and the services behind them.
The accounts they control are the worst case: old, confirmed, and opened long ago.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS, Role
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_write
from portal.members.models import Appointment, Duty, Member, PhoneChange
from portal.members.services.appointments import appointment_approve, duty_give, stand_in_give
from portal.organizations.choices import OrganizationKind
from tests.exchange import files
from tests.factories.members import (
    identity_number,
    make_duty,
    make_entry,
    make_member,
    make_staff,
    make_transfer,
    make_vouching,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pages")]
TODAY = timezone.localdate()
LONG_AGO = timezone.now() - timedelta(days=800)
LEVELS = ("province", "city", "county", "unit")
WORK = [role for role in Role if role not in ADMINISTRATORS]
ATTACKERS = [(role, "province") for role in sorted(ADMINISTRATORS)] + [(r, level) for r in WORK for level in LEVELS]
APPOINT = {Role.CHAIR, *ADMINISTRATORS}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path
    settings.SMS_DIR = tmp_path / "sms"


def fresh(member):
    return Member.objects.get(pk=member.pk)


class World:
    """One line of organisations and the people in it.

    Each organisation has an honest chair; there are the three administrators and an attacker.
    """

    def __init__(self, client, role, level):
        self.client = client
        root = make_province()
        city = make_organization()
        county = make_organization(city, OrganizationKind.COUNTY)
        self.places = dict(zip(LEVELS, (root, city, county, make_unit(county)), strict=True))
        self.honest = [make_staff(place) for place in self.places.values()]
        self.honest += [make_staff(root, kind) for kind in sorted(ADMINISTRATORS)]
        self.attacker = make_staff(self.places[level], role, identity_kind="resident", identity_number=NUMBERS[0])
        self.place = self.places[level]
        self.held = [self.attacker]
        self.before = set(Duty.objects.values_list("pk", flat=True))
        sign_in(client, self.attacker)

    def post(self, name, /, *arguments, query="", **body):
        return self.client.post(reverse(name, args=arguments) + query, body)

    def near(self):
        """Return the attacker's organisation and the grassroots unit below it."""
        return list({place.pk: place for place in (self.place, self.places["unit"])}.values())

    def hold(self, member):
        """Add ``member`` to the accounts that the attacker controls.

        The account becomes old and confirmed.
        """
        Member.objects.filter(pk=member.pk).update(
            created_at=LONG_AGO, activated_at=LONG_AGO, proven_at=LONG_AGO, is_active=True
        )
        self.held.append(fresh(member))

    def gained(self):
        """Return the duties that the attacker's accounts have gained."""
        return Duty.objects.filter(member__in=self.held).exclude(pk__in=self.before)


NUMBERS = [identity_number(200 + number) for number in range(20)]


# Ways in which the attacker gets control of an account.


def entered(world):
    for number, place in enumerate(world.near(), start=1):
        answer = world.post(
            "members:member-create",
            organization=place.pk,
            name="示例傀儡",
            sex="female",
            identity_number=NUMBERS[number],
            phone=phone_number(5000 + number),
            marital_status="unknown",
        )
        if answer.status_code == 302:
            world.hold(Member.objects.order_by("-pk").first())


def transferred(world):
    entered(world)
    for puppet in world.held[1:]:
        other = make_unit(world.places["county"])
        if puppet.organization_id != other.pk:
            row = make_transfer(puppet, other, asked_by=world.attacker)
            sign_in(world.client, puppet)
            world.client.post(reverse("members:transfer-confirm", args=[row.pk]))
    world.held[1:] = [fresh(puppet) for puppet in world.held[1:]]
    sign_in(world.client, world.attacker)


def vouched(world):
    row = make_vouching(world.places["unit"], serial=41)
    until = (TODAY + timedelta(days=90)).isoformat()
    if world.post("members:vouching-grant", row.pk, until=until).status_code == 302:
        row.refresh_from_db()
        world.hold(row.member)


def re_phoned(world):
    """Take over a person who has been on the roster for years.

    The attacker changes the phone: on the entry, or as the level above.
    """
    for number, place in enumerate(world.near()):
        row = {"identity_kind": "resident", "identity_number": NUMBERS[10 + number]}
        victim = make_member(place, entered_by=world.honest[0], phone=phone_number(6000 + number), **row)
        Member.objects.filter(pk=victim.pk).update(created_at=LONG_AGO, login_key=None)
        phone = phone_number(6100 + number)
        body = {"name": victim.name, "marital_status": "unknown", "version": victim.version, "phone": phone}
        one = world.post("members:member-update", victim.pk, **body)
        other = world.post("members:member-phone", victim.pk, phone=phone, reason="换号")
        if 302 in (one.status_code, other.status_code):
            world.hold(victim)
            PhoneChange.objects.filter(member=victim).update(state="done", settled_at=timezone.now())


HOLDS = [entered, transferred, vouched, re_phoned]


# What the attacker does with the account.


def by_page(world, person):
    """Appoint ``person`` by the page.

    The services behind the page are tried with every role at every organisation; the page only passes on what it is
    sent.
    """
    for role in (Role.CHAIR, Role.CADRE, Role.SYSTEM_ADMINISTRATOR):
        world.post(
            "members:duty-create",
            query=f"?member={person.pk}",
            organization=world.place.pk,
            role=role,
            valid_from=TODAY.isoformat(),
        )


def by_admin(world, person):
    for role in (Role.CHAIR, Role.SYSTEM_ADMINISTRATOR):
        world.post(
            "admin:members_duty_add",
            member=person.pk,
            organization=world.place.pk,
            role=role,
            valid_from=TODAY.isoformat(),
            valid_until="",
        )


def by_service(world, person):
    for role in Role:
        for place in world.places.values():
            try:
                duty_give(actor=fresh(world.attacker), member=fresh(person), organization=place, role=role)
            except (DomainError, ValidationError):
                continue


def by_standing_in(world, person):
    for principal in Duty.objects.filter(pk__in=world.before).exclude(member__in=world.held):
        try:
            stand_in_give(
                actor=fresh(world.attacker),
                duty=principal,
                member=fresh(person),
                valid_from=TODAY,
                valid_until=TODAY + timedelta(days=9),
            )
        except (DomainError, ValidationError):
            continue


def by_list(world, person):
    headings = ["Identity or mobile number", "Role", "Organisation", "From", "Until (not included)"]
    rows = [[person.identity_number, "cadre", world.places["unit"].name, TODAY.isoformat(), ""]]
    try:
        run = import_start(
            actor=fresh(world.attacker),
            organization=world.place,
            register=registers()["members.appointments"],
            upload=files.upload(files.xlsx([headings, *rows])),
        )
    except DomainError:
        return
    import_check(run.job)
    run.refresh_from_db()
    if run.state == RunState.CHECKED_CLEAN:
        import_write(import_confirm(run=run, actor=fresh(world.attacker)).job)


def approve_all(world):
    """Approve all waiting appointments, as the attacker and as every account the attacker controls."""
    for row in Appointment.objects.waiting():
        for actor in world.held:
            try:
                appointment_approve(appointment=row, actor=fresh(actor))
            except (DomainError, ValidationError):
                continue
        world.post("members:appointment-approve", row.pk)


GIVES = [by_page, by_admin, by_service, by_standing_in, by_list]


@pytest.mark.parametrize(("role", "level"), ATTACKERS)
def test_nobody_gains_a_duty_alone(client, role, level):
    world = World(client, role, level)
    for hold in HOLDS if role in APPOINT else HOLDS[:1]:
        hold(world)
    for person in list(world.held):
        for give in GIVES if role in APPOINT else GIVES[:1] + GIVES[2:3]:
            give(world, person)
    approve_all(world)
    assert list(world.gained()) == []
    # The attack was a real one: attackers who may appoint and who control an account got as far as a proposal.
    if role == Role.CHAIR or role == Role.SECURITY_ADMINISTRATOR:
        assert len(world.held) > 1
        assert Appointment.objects.waiting().filter(member__in=world.held).exists()


def test_an_account_that_got_a_duty_by_fraud_once_is_no_second_person(client):
    """An account that once got a duty by fraud does not count as a second person.

    The chair has deceived the level above once: by now the fake account is a chair of the same county.
    """
    world = World(client, Role.CHAIR, "county")
    entered(world)
    puppet, other = world.held[1:3]
    make_duty(puppet, world.place, Role.CHAIR, given_by=world.attacker, confirmed_by=world.honest[0])
    world.before = set(Duty.objects.values_list("pk", flat=True))
    Member.objects.filter(pk__in=[puppet.pk, other.pk]).update(activated_at=timezone.now())
    for proposer in (world.attacker, puppet):
        row = duty_give(actor=fresh(proposer), member=other, organization=world.place, role=Role.CADRE)
        assert isinstance(row, Appointment)
        approve_all(world)
        assert list(world.gained()) == []
        row.delete()


def test_an_account_entered_by_an_account_one_entered_is_ones_own(client):
    """An account entered by an account that the actor entered counts as the actor's own.

    The chair's fake account is a cadre and enters the next one; after years the chair appoints that one.
    """
    world = World(client, Role.CHAIR, "county")
    middle = make_member(world.place, entered_by=world.attacker)
    last = make_member(world.place, entered_by=middle)
    Member.objects.filter(pk__in=[middle.pk, last.pk]).update(created_at=LONG_AGO, activated_at=LONG_AGO)
    given = duty_give(actor=fresh(world.attacker), member=fresh(last), organization=world.place, role=Role.CADRE)
    assert isinstance(given, Appointment)


def test_a_phone_written_after_the_proposal_stops_the_approval(client):
    """A change of phone after the proposal stops the approval.

    The chair proposes an honest newcomer; before the approval their number is changed to one of the chair's own.
    """
    world = World(client, Role.CHAIR, "county")
    newcomer = make_entry(world.place, phone=phone_number(931))
    row = duty_give(actor=fresh(world.attacker), member=newcomer, organization=world.place, role=Role.CADRE)
    body = {"name": newcomer.name, "marital_status": "unknown", "version": newcomer.version}
    answer = world.post("members:member-update", newcomer.pk, **body, phone=phone_number(932))
    assert answer.status_code == 302
    with pytest.raises(DomainError) as refusal:
        appointment_approve(appointment=row, actor=fresh(world.honest[1]))
    assert refusal.value.code == "phone"
    assert not Duty.objects.filter(member=newcomer).exists()
    assert not newcomer.invitations.exists()


def test_a_harmless_duty_first_opens_no_way_to_another(client):
    world = World(client, Role.CHAIR, "county")
    entered(world)
    puppet = world.held[1]
    row = duty_give(actor=fresh(world.attacker), member=puppet, organization=world.place, role=Role.EDITOR)
    appointment_approve(appointment=row, actor=fresh(world.honest[1]))
    assert world.gained().count() == 1
    by_page(world, puppet)
    by_service(world, puppet)
    approve_all(world)
    assert world.gained().count() == 1


def test_the_security_administrator_does_not_become_chair_in_four_steps(client):
    """The security administrator does not become a chair in four steps.

    The steps are phone, provincial duty, invitation and guess; the second one fails.
    """
    world = World(client, Role.SECURITY_ADMINISTRATOR, "province")
    victim = make_member(world.place, phone=phone_number(901))
    world.hold(victim)
    world.post("members:member-phone", victim.pk, phone=phone_number(902), reason="换号")
    by_page(world, victim)
    by_admin(world, victim)
    approve_all(world)
    assert list(world.gained()) == []
    assert not victim.invitations.exists()


@pytest.mark.parametrize("kind", sorted(ADMINISTRATORS))
def test_no_administrator_removes_another_alone(client, kind):
    world = World(client, kind, "province")
    for duty in Duty.objects.filter(role__in=ADMINISTRATORS).exclude(member=world.attacker):
        world.post("members:duty-end", duty.pk, on=TODAY.isoformat(), reason="不再担任")
        world.client.post(
            reverse("admin:members_duty_changelist"), {"action": "end_today", "_selected_action": [duty.pk]}
        )
        duty.refresh_from_db()
        assert duty.valid_until is None
