"""Duties from Excel."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_take_back, import_write
from portal.members.choices import AppointmentState
from portal.members.models import Appointment, Duty, Invitation, Member
from portal.members.services.appointments import appointment_approve
from tests.exchange import files
from tests.factories.members import identity_number, make_duty, make_entry, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
HEADINGS = ["Identity or mobile number", "Role", "Organisation", "From", "Until (not included)"]
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def city():
    return make_organization()


@pytest.fixture
def unit(city):
    return make_unit(city, name="示例一厂")


@pytest.fixture
def people(unit):
    rows = [
        {"identity_kind": "resident", "identity_number": identity_number(n), "phone": phone_number(n)} for n in (1, 2)
    ]
    return [make_member(unit, **row) for row in rows]


def line(person, role="cadre", organization="示例一厂", first=None, last=""):
    return [person, role, organization, (first or TODAY).isoformat(), last]


def bring_in(city, rows, actor=None):
    """Upload and check a file, and import it if it has no faults; return the run."""
    actor = actor or make_staff(city)
    run = import_start(
        actor=actor,
        organization=city,
        register=registers()["members.appointments"],
        upload=files.upload(files.xlsx([HEADINGS, *rows])),
    )
    import_check(run.job)
    run.refresh_from_db()
    if run.state == RunState.CHECKED_CLEAN:
        run = import_confirm(run=run, actor=actor)
        import_write(run.job)
        run.refresh_from_db()
    return run


def test_a_sound_file_gives_duties_and_sends_links(city, people):
    until = (TODAY + timedelta(90)).isoformat()
    run = bring_in(city, [line(identity_number(1)), line(phone_number(2), "reviewer", last=until)])
    assert (run.state, run.added, run.faults) == (RunState.IMPORTED, 2, [])
    one, two = (Duty.objects.get(member=person) for person in people)
    assert (one.role, two.role, two.valid_until.isoformat()) == ("cadre", "reviewer", until)
    assert Invitation.objects.filter(used_at=None).count() == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (line(identity_number(9)), "person"),
        (line(phone_number(9)), "person"),
        (line(identity_number(1), "system_administrator"), "role"),
        (line(identity_number(1), organization="示例市总"), "organization"),
        (line(identity_number(1), last=TODAY.isoformat()), "valid_until"),
        (line(identity_number(1), organization="示例外市"), "organization"),
    ],
)
def test_a_wrong_line_stops_the_file(city, people, row, column):
    make_organization(name="示例外市")
    run = bring_in(city, [line(identity_number(2)), row])
    assert (run.state, [fault["column"] for fault in run.faults]) == (RunState.CHECKED_FAULTY, [column])
    assert not Duty.objects.filter(member__in=people).exists()
    assert identity_number(9) not in str(run.faults)


def test_more_than_she_holds_and_herself_are_wrong_lines(city, unit, people):
    security = make_staff(city, Role.CADRE, identity_kind="resident", identity_number=identity_number(5))
    make_duty(security, unit, Role.CHAIR)
    held = Member.objects.get(pk=security.pk)
    run = bring_in(unit, [line(identity_number(1), "chair")], held)
    assert run.state == RunState.IMPORTED
    run = bring_in(unit, [line(identity_number(5), "editor")], held)
    assert run.state == RunState.CHECKED_FAULTY
    with pytest.raises(DomainError):
        bring_in(city, [line(identity_number(2))], held)
    assert Duty.objects.filter(member=people[1]).count() == 0


def test_the_same_line_twice_and_what_she_holds_already(city, unit, people):
    run = bring_in(city, [line(identity_number(1)), line(phone_number(1))])
    assert run.state == RunState.CHECKED_FAULTY
    make_duty(people[0], unit)
    run = bring_in(city, [line(identity_number(1)), line(identity_number(2))])
    assert (run.state, run.added) == (RunState.IMPORTED, 1)


def test_a_file_is_taken_back_until_somebody_has_signed_in(city, people):
    actor = make_staff(city)
    run = bring_in(city, [line(identity_number(1)), line(identity_number(2))], actor)
    Member.objects.filter(pk=people[0].pk).update(last_login=timezone.now() + timedelta(seconds=1))
    with pytest.raises(DomainError):
        import_take_back(run=run, actor=actor)
    assert Duty.objects.filter(member__in=people).count() == 2
    Member.objects.filter(pk=people[0].pk).update(last_login=None)
    run.refresh_from_db()
    import_take_back(run=run, actor=actor)
    # A duty that has begun is ended and stays in the lists.
    assert set(Duty.objects.filter(member__in=people).values_list("valid_until", flat=True)) == {TODAY}
    assert not Duty.objects.current().filter(member__in=people).exists()


def test_taking_back_deletes_what_has_not_begun_alone(city, people):
    actor, later = make_staff(city), TODAY + timedelta(days=9)
    run = bring_in(city, [line(identity_number(1), first=later), line(identity_number(2))], actor)
    import_take_back(run=run, actor=actor)
    assert [duty.member for duty in Duty.objects.filter(member__in=people)] == [people[1]]


def test_a_line_that_needs_a_second_person_waits_and_the_dry_run_says_so(city, unit, people):
    Member.objects.filter(pk=people[0].pk).update(activated_at=timezone.now())
    above, actor = make_staff(make_province()), make_staff(city)
    run = import_start(
        actor=actor,
        organization=city,
        register=registers()["members.appointments"],
        upload=files.upload(files.xlsx([HEADINGS, line(identity_number(1)), line(identity_number(2))])),
    )
    import_check(run.job)
    run.refresh_from_db()
    assert (run.state, run.warning_count) == (RunState.CHECKED_CLEAN, 1)
    run = import_confirm(run=run, actor=actor)
    import_write(run.job)
    run.refresh_from_db()
    row = Appointment.objects.get()
    assert (row.member, row.proposed_by, run.added) == (people[0], actor, 2)
    assert [duty.member for duty in Duty.objects.filter(member__in=people)] == [people[1]]
    appointment_approve(appointment=row, actor=Member.objects.get(pk=above.pk))
    import_take_back(run=run, actor=actor)
    assert not Duty.objects.current().filter(member__in=people).exists()
    assert Duty.objects.filter(member__in=people).count() == 2


def test_taking_back_withdraws_what_still_waits(city, people):
    Member.objects.filter(pk=people[0].pk).update(activated_at=timezone.now())
    make_staff(make_province())
    actor = make_staff(city)
    run = bring_in(city, [line(identity_number(1))], actor)
    import_take_back(run=run, actor=actor)
    assert Appointment.objects.get().state == AppointmentState.WITHDRAWN


def test_a_line_for_which_nobody_can_be_the_second_person_is_wrong(city, people):
    Member.objects.filter(pk=people[0].pk).update(activated_at=timezone.now())
    run = bring_in(city, [line(identity_number(1))])
    assert (run.state, [fault["column"] for fault in run.faults]) == (RunState.CHECKED_FAULTY, ["person"])


def test_people_outside_her_reach_are_not_found(city, unit):
    make_entry(identity_kind="resident", identity_number=identity_number(1))
    make_province()
    run = bring_in(city, [line(identity_number(1))])
    assert run.state == RunState.CHECKED_FAULTY
