"""The head count of a class on one day, and whether enough adults are with the children."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from childcare.choices.days import AttendanceState
from childcare.models import Attendance
from portal.core.errors import DomainError
from portal.members.identity import age_on, birth_date_of
from portal.organizations.selectors import legal_count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from childcare.models import ClassDay, ClassTerm, Enrolment
    from portal.members.models import Member

MOST = 1000
GROWN_UP = 18
SHIPPED = {"absence_minutes": 30, "incident_minutes": 60, "children_per_adult": 12}


@dataclass(frozen=True)
class HeadCount:
    """How many children of a class are expected, here, absent and collected."""

    expected: int
    here: int
    away: int
    collected: int

    @property
    def total(self) -> int:
        return self.expected + self.here + self.away + self.collected


@dataclass(frozen=True)
class AdultRatio:
    """How many adults are with how many children; ``most`` is how many children one adult may look after."""

    adults: int
    children: int
    most: int

    @property
    def is_over(self) -> bool:
        return self.children > self.adults * self.most


def head_count(rows: Iterable[Attendance]) -> HeadCount:
    """Return the head count of the rows of one day."""
    found = Counter(row.state for row in rows)
    return HeadCount(*(found[state] for state in AttendanceState))


def count_today(term: ClassTerm) -> HeadCount | None:
    """Return today's head count of a class, or None on a day without a list."""
    rows = list(Attendance.objects.current().filter(day__term=term, day__on=timezone.localdate()))
    return head_count(rows) if rows else None


def ratio_of(day: ClassDay) -> AdultRatio:
    """Return the ratio of those who are there now, not of the plan; who is under 18 is no adult."""
    there = day.presences.counted().select_related("staff__member")
    adults = sum(1 for row in there if _is_adult(row.staff.member, day.on))
    most = number_of("children_per_adult", day)
    return AdultRatio(adults, day.rows.current().here().count(), most)


def _is_adult(member: Member, on: date) -> bool:
    born = birth_date_of(member)
    # Without a birth date, the youngest that the year allows.
    return age_on(born, on) >= GROWN_UP if born else member.birth_year is None or on.year - member.birth_year > GROWN_UP


def days_of(enrolments: Iterable[Enrolment]) -> dict[int, list[Attendance]]:
    """Return by enrolment what is entered for its child from today on, in the order of the days."""
    found: dict[int, list[Attendance]] = {row.pk: [] for row in enrolments}
    rows = Attendance.objects.filter(enrolment__in=list(found), day__on__gte=timezone.localdate())
    for row in rows.select_related("day").order_by("day__on"):
        found[row.enrolment_id].append(row)
    return found


@dataclass(frozen=True)
class AttendanceLine:
    """One child in the attendance list of a class: what is entered for each day, and on how many days it came."""

    name: str
    days: dict[date, str]
    came: int


def attendance_lines(term: ClassTerm) -> tuple[list[date], list[AttendanceLine]]:
    """Return the days of a class until today, and a line for each child, in the order of the places."""
    rows = Attendance.objects.filter(day__term=term, day__on__lte=timezone.localdate())
    found: dict[int, list[Attendance]] = {}
    for row in rows.select_related("day", "enrolment__child").order_by("enrolment__place", "day__on"):
        found.setdefault(row.enrolment_id, []).append(row)
    lines = [
        AttendanceLine(
            name=own[0].enrolment.child.name if own[0].enrolment.child else "",
            days={row.day.on: _said(row) for row in own},
            came=sum(row.arrived_at is not None for row in own),
        )
        for own in found.values()
    ]
    return sorted({row.day.on for own in found.values() for row in own}), lines


def _said(row: Attendance) -> str:
    """Return what an attendance says in a few characters: the hours, or why the child was absent."""
    if row.arrived_at is None:
        return row.get_absence_display() or row.get_state_display()
    left = f"{timezone.localtime(row.left_at):%H:%M}" if row.left_at else ""
    return f"{timezone.localtime(row.arrived_at):%H:%M}–{left}"


def number_of(key: str, day: ClassDay) -> int:
    """Return a legal number that holds on a day at the place of the class.

    Where none is set, the number that the portal ships with: no list, alert or report waits for an administrator.
    """
    try:
        return legal_count(f"childcare.{key}", on=day.on, most=MOST, region=day.term.site.region)
    except DomainError:
        return SHIPPED[key]
