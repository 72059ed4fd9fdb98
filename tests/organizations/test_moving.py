"""Moving, merging and reopening organisations.

Paths, lines, clashes, races, and what must always hold.
"""

import random
from datetime import date, timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core import locks
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.members.models import Duty, Member
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, OrganizationLine
from portal.organizations.services.facts import committee_record
from portal.organizations.services.moving import organization_merge, organization_move, organization_reopen
from portal.organizations.services.organizations import EPOCH, organization_close, organization_create
from tests.factories.members import make_entry, make_staff
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.threads import at_once

DAY = timedelta(days=1)


def county(city, **fields):
    return make_organization(parent=city, kind=OrganizationKind.COUNTY, **fields)


def fresh(row):
    return Organization.objects.get(pk=row.pk)


def lines(row):
    found = OrganizationLine.objects.filter(organization=row).order_by("valid_from")
    return list(found.values_list("path", "valid_from", "valid_until"))


def broken():
    """Return the faults of the tree.

    These are paths that are not the chain of parents, and open lines with another path.
    """
    rows = {row.pk: row for row in Organization.objects.all()}
    wrong = []
    for row in rows.values():
        chain, step = [], row
        while step is not None:
            chain.insert(0, step.pk)
            step = rows.get(step.parent_id)
        if row.path != f"/{'/'.join(map(str, chain))}/":
            wrong.append(("path", row.pk))
        if not row.closed_on and [path for path, _from, until in lines(row) if until is None] != [row.path]:
            wrong.append(("line", row.pk))
    return wrong


def state():
    tree = list(Organization.objects.order_by("pk").values_list("pk", "path", "parent", "name", "closed_on"))
    return tree, list(OrganizationLine.objects.order_by("pk").values_list()), AuditEntry.objects.count()


def refused(code, work):
    before = state()
    with pytest.raises(DomainError) as refusal:
        work()
    assert refusal.value.code == code
    assert state() == before


@pytest.mark.django_db
def test_a_move_takes_the_subtree_and_keeps_the_old_lines():
    one, two = make_organization(), make_organization()
    moved = county(one)
    unit = make_unit(moved)
    today = timezone.localdate()
    actor = make_staff(make_province())
    organization_move(actor=actor, organization=moved, new_parent=two)
    assert fresh(moved).path == f"{two.path}{moved.pk}/"
    assert fresh(unit).path == f"{two.path}{moved.pk}/{unit.pk}/"
    assert lines(moved) == [(moved.path, EPOCH, today), (fresh(moved).path, today, None)]
    assert lines(unit) == [(unit.path, EPOCH, today), (fresh(unit).path, today, None)]
    entry = AuditEntry.objects.about(moved).get()
    assert (entry.action, entry.data["from"], entry.data["to"]) == ("organization.move", one.pk, two.pk)
    assert broken() == []


@pytest.mark.django_db
def test_look_alike_siblings_stay_where_they_are():
    """/1/1/ is not the beginning of /1/14/: siblings whose numbers begin alike are not moved along."""
    city, other = make_organization(), make_organization()
    rows = {}
    for number in (900, 9001, 90012):
        path = f"{city.path}{number}/"
        row = Organization(pk=number, parent=city, path=path, name=f"示例{number}", kind=OrganizationKind.COUNTY)
        row.save(force_insert=True)
        OrganizationLine.objects.create(organization=row, path=path, valid_from=EPOCH)
        rows[number] = row
    inside = make_unit(rows[9001])
    organization_move(actor=None, organization=rows[900], new_parent=other)
    assert fresh(rows[900]).path == f"{other.path}900/"
    assert [fresh(row).path for row in (rows[9001], rows[90012], inside)] == [
        rows[9001].path,
        rows[90012].path,
        inside.path,
    ]
    assert broken() == []


@pytest.mark.django_db
def test_a_move_in_the_past_writes_history_from_that_day():
    one, two = make_organization(), make_organization()
    moved = county(one)
    day = timezone.localdate() - 30 * DAY
    later = make_unit(moved, founded_on=day + 10 * DAY)
    gone = make_unit(moved)
    organization_close(actor=None, organization=gone, on=day + 5 * DAY)
    organization_move(actor=None, organization=moved, new_parent=two, on=day)
    assert lines(moved) == [(moved.path, EPOCH, day), (fresh(moved).path, day, None)]
    assert lines(later) == [(fresh(later).path, day + 10 * DAY, None)]
    assert lines(gone) == [(gone.path, EPOCH, day), (fresh(gone).path, day, day + 6 * DAY)]
    assert broken() == []


@pytest.mark.django_db
def test_two_moves_on_one_day_are_one_line():
    one, two, three = (make_organization() for _number in range(3))
    moved = county(one)
    for parent in (two, three):
        organization_move(actor=None, organization=fresh(moved), new_parent=parent)
    today = timezone.localdate()
    assert lines(moved) == [(moved.path, EPOCH, today), (fresh(moved).path, today, None)]


@pytest.mark.django_db
def test_moves_that_cannot_be():
    root, city, other = make_province(), make_organization(), make_organization()
    moved = county(city, name="示例甲区总工会")
    unit = make_unit(moved)
    closed = make_organization(closed_on=timezone.localdate())
    today = timezone.localdate()
    county(other, name="示例甲区总工会")
    late = make_organization(founded_on=today)

    def move(row, parent, **fields):
        return lambda: organization_move(actor=None, organization=row, new_parent=parent, **fields)

    refused("root", move(root, city))
    refused("cycle", move(moved, moved))
    refused("cycle", move(moved, unit))
    refused("same-place", move(moved, city))
    refused("level", move(city, county(other)))
    refused("parent-closed", move(unit, closed))
    refused("name-clash", move(moved, other))
    refused("future", move(unit, other, on=today + DAY))
    refused("parent-not-there", move(unit, late, on=today - DAY))
    organization_close(actor=None, organization=unit)
    refused("closed", move(unit, other))
    organization_move(actor=None, organization=moved, new_parent=other, name="示例乙区总工会")
    assert (fresh(moved).name, fresh(moved).pinyin[:6]) == ("示例乙区总工会", "shi li")
    refused("moved-later", move(fresh(moved), city, on=today - DAY))


@pytest.mark.django_db
def test_nothing_moves_under_one_that_moved_since():
    one, two = make_organization(), make_organization()
    moved = county(one)
    unit = make_unit(two)
    organization_move(actor=None, organization=moved, new_parent=two)
    yesterday = timezone.localdate() - DAY
    refused(
        "parent-moved",
        lambda: organization_move(actor=None, organization=unit, new_parent=fresh(moved), on=yesterday),
    )


@pytest.mark.django_db
def test_a_duty_reaches_what_moved_in_and_not_what_moved_out():
    one, two = make_organization(), make_organization()
    unit = make_unit(one)
    old, new = make_staff(one), make_staff(two)
    organization_move(actor=None, organization=unit, new_parent=two)
    seen = [Organization.objects.visible_to(Member.objects.get(pk=who.pk)) for who in (old, new)]
    assert [unit in rows for rows in seen] == [False, True]


@pytest.mark.django_db
def test_a_merger_moves_children_and_people_and_closes_the_source():
    city = make_organization()
    source, target = county(city), county(city)
    child = make_unit(source)
    inside = make_entry(source)
    chair = make_staff(source, Role.CHAIR)
    Duty.objects.filter(member=chair).update(valid_from=timezone.localdate() - DAY)
    committee_record(actor=None, organization=source, kind="committee", term_from=date(2024, 1, 1), term_years=5)
    actor = make_staff(city)
    organization_merge(actor=actor, source=source, target=target)
    today = timezone.localdate()
    assert fresh(source).closed_on == today
    assert (fresh(child).parent, fresh(child).path) == (target, f"{target.path}{child.pk}/")
    assert lines(source) == [(source.path, EPOCH, today + DAY)]
    assert set(Member.objects.filter(organization=target)) == {inside, chair}
    assert Duty.objects.get(member=chair).valid_until == today
    assert source.committees.get().ended_on == today
    entry = AuditEntry.objects.about(source).get(action="organization.merge")
    assert entry.data == {
        "into": target.pk,
        "singles": 0,
        "deadlines": 0,
        "certificates": 0,
        "stations": 0,
        "law_sessions": 0,
        "care_sites": 0,
        "nurseries": 0,
        "nursing_rooms": 0,
        "room_reports": 0,
        "room_inspections": 0,
        "organizations": 1,
        "on": today.isoformat(),
        "members": 2,
        "duties": 1,
    }
    moved = AuditEntry.objects.get(action="members.merge").data
    assert moved == {"from": source.pk, "members": sorted([inside.pk, chair.pk]), "count": 2}
    assert broken() == []


@pytest.mark.django_db
def test_mergers_that_cannot_be():
    city = make_organization()
    source, target = county(city), county(city)
    make_unit(source, name="示例一厂工会")
    twin = make_unit(target, name="示例一厂工会")
    make_entry(source)
    shut = county(city, closed_on=timezone.localdate())

    def merge(one, two):
        return lambda: organization_merge(actor=None, source=one, target=two)

    refused("name-clash", merge(source, target))
    refused("same", merge(source, source))
    refused("level", merge(source, city))
    refused("level", merge(make_province(), make_province().children.first()))
    outer = make_unit(source)
    inner = make_unit(outer)
    refused("below", merge(outer, inner))
    assert inner.path == f"{outer.path}{inner.pk}/"
    refused("closed", merge(source, shut))
    refused("closed", merge(shut, source))
    assert Member.objects.filter(organization=target).count() == 0
    organization_close(actor=None, organization=twin)
    organization_merge(actor=None, source=source, target=target)
    assert broken() == []


@pytest.mark.django_db
def test_a_closed_one_opens_again_and_the_gap_stays():
    unit = make_unit()
    today = timezone.localdate()
    organization_close(actor=None, organization=unit, on=today - 10 * DAY)
    refused("before-closing", lambda: organization_reopen(actor=None, organization=unit, on=today - 10 * DAY))
    refused("future", lambda: organization_reopen(actor=None, organization=unit, on=today + DAY))
    organization_reopen(actor=None, organization=unit, on=today - 2 * DAY)
    assert fresh(unit).closed_on is None
    times = unit.lines.order_by("valid_from").values_list("valid_from", "valid_until")
    assert list(times) == [(EPOCH, today - 9 * DAY), (today - 2 * DAY, None)]
    refused("open", lambda: organization_reopen(actor=None, organization=unit))
    assert broken() == []


@pytest.mark.django_db
def test_one_does_not_open_again_onto_a_taken_name_or_below_a_closed_one():
    city = make_organization()
    middle = county(city)
    unit = make_unit(middle, name="示例一厂工会")
    day = timezone.localdate() - DAY
    organization_close(actor=None, organization=unit, on=day)
    organization_create(actor=None, parent=middle, kind=OrganizationKind.GRASSROOTS, name="示例一厂工会")
    refused("name-clash", lambda: organization_reopen(actor=None, organization=unit))
    Organization.objects.filter(pk=middle.pk).update(closed_on=day)
    refused("parent-closed", lambda: organization_reopen(actor=None, organization=unit))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_paths_are_the_chain_of_parents_whatever_happens(seed):
    """Random moves, mergers, closings, reopenings and creations, many of which are refused."""
    chance = random.Random(seed)
    cities = [make_organization() for _number in range(3)]
    for city in cities:
        for _number in range(2):
            middle = county(city)
            for _unit in range(2):
                make_unit(middle)
    done = 0
    for number in range(40):
        rows = list(Organization.objects.all())
        one, two = chance.choice(rows), chance.choice(rows)
        on = timezone.localdate() - chance.randrange(3) * DAY
        actions = [
            lambda one=one, two=two, on=on: organization_move(actor=None, organization=one, new_parent=two, on=on),
            lambda one=one, two=two, on=on: organization_merge(actor=None, source=one, target=two, on=on),
            lambda one=one: organization_close(actor=None, organization=one),
            lambda one=one: organization_reopen(actor=None, organization=one),
            lambda two=two, number=number: organization_create(
                actor=None, parent=two, kind=OrganizationKind.GRASSROOTS, name=f"新{number}"
            ),
        ]
        try:
            chance.choices(actions, weights=[6, 2, 1, 2, 1])[0]()
            done += 1
        except DomainError:
            pass
        assert broken() == []
    assert done > 5


def test_of_two_moves_at_once_one_is_judged_again(fresh_database):
    one, two, three = (make_organization() for _number in range(3))
    moved = county(one)
    make_unit(moved)
    answers = at_once(lambda parent: organization_move(actor=None, organization=moved, new_parent=parent), [two, three])
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Organization"]
    assert broken() == []


def test_a_move_that_waits_too_long_is_refused_in_words(fresh_database):
    one, two = make_organization(), make_organization()
    moved = county(one)
    held, tried = Event(), Event()

    def hold(_):
        with transaction.atomic():
            locks.hold(two)
            held.set()
            tried.wait(10)

    def move(_):
        held.wait(10)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            organization_move(actor=None, organization=moved, new_parent=two)
        finally:
            tried.set()

    _none, refusal = at_once(lambda action: action(None), [hold, move])
    assert (type(refusal), refusal.code) == (Conflict, "busy")
    assert fresh(moved).path == moved.path


def race(cities):
    """Move counties, move units into them and create new units there, all at once; return the results."""
    one, two = cities
    moved = county(one)
    units = [make_unit(one) for _number in range(3)]
    actions = [lambda: organization_move(actor=None, organization=moved, new_parent=two)]
    actions += [lambda unit=unit: organization_move(actor=None, organization=unit, new_parent=moved) for unit in units]
    actions += [
        lambda number=number: organization_create(
            actor=None, parent=moved, kind=OrganizationKind.GRASSROOTS, name=f"新{number}"
        )
        for number in range(4)
    ]
    return at_once(lambda action: action(), actions)


def test_what_arrives_below_while_it_moves_moves_along(fresh_database):
    for _round in range(3):
        answers = race([make_organization(), make_organization()])
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        assert broken() == []


def test_without_the_lock_the_tree_breaks(fresh_database, monkeypatch):
    """The control: with ``hold`` off, somebody writes below a path that no longer exists."""
    monkeypatch.setattr(locks, "hold", lambda instance: type(instance)._default_manager.get(pk=instance.pk))
    for _round in range(12):
        answers = race([make_organization(), make_organization()])
        if broken() or any(isinstance(answer, Exception) and not isinstance(answer, Conflict) for answer in answers):
            return
    pytest.fail("the race was never lost: the experiment shows nothing")
