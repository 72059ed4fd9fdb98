"""Who may collect a child today, and who must not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from childcare.models import Attendance, PickUpAttempt, PickUpBar, PickUpPerson
from portal.core.text import clean_code

if TYPE_CHECKING:
    from datetime import date

    from childcare.models import Enrolment
    from portal.members.models import Child, Member

SHOWN = 10


@dataclass(frozen=True)
class Adult:
    """An adult who may collect a child: the guardian (``person`` is None) or somebody on the list."""

    name: str
    phone: str
    relation: str
    person: PickUpPerson | None
    member_id: int | None = None

    @classmethod
    def guardian(cls, member: Member) -> Self:
        return cls(member.name, member.phone or "", "", None, member.pk)

    @classmethod
    def listed(cls, person: PickUpPerson) -> Self:
        return cls(person.name, person.phone, person.relation, person)

    @property
    def key(self) -> str:
        """What a form calls the adult."""
        return str(self.person.pk) if self.person else "guardian"

    def is_same(self, person: PickUpPerson | None, guardian: Member) -> bool:
        """Return whether this is ``person`` as listed for one of the guardian's children, or the guardian."""
        if person is None:
            return self.person is None
        return self.person is not None and self.is_like(Adult.listed(person))

    def is_like(self, other: Adult) -> bool:
        """Return whether both are one person: a grandmother is listed once for each of the siblings."""
        if self.member_id or other.member_id:
            return self.member_id == other.member_id
        return names_meet(self.name, other.name) and phones_meet(self.phone, other.phone)


def names_meet(one: str, other: str) -> bool:
    """Return whether two names are one, however it is typed: blanks and dots do not count (买买提·艾力)."""
    return _letters(one) == _letters(other)


def _letters(name: str) -> str:
    return "".join(mark for mark in clean_code(name) if mark.isalnum())


def phones_meet(one: str | None, other: str | None) -> bool:
    return bool(one) and clean_code(one or "") == clean_code(other or "")


def adults_of(child: Child, on: date) -> list[Adult]:
    """Return the guardian and the people on the list of ``child`` on a day."""
    listed = PickUpPerson.objects.listed(child, on).order_by("pk")
    return [Adult.guardian(child.guardian), *(Adult.listed(person) for person in listed)]


def is_barred(child: Child, name: str, phone: str | None) -> bool:
    """Return whether somebody with this name or this number is barred from collecting ``child``.

    Either is enough: whoever is barred may come under another number. A bar for a child of the same name and birth date
    counts too: the other parent may have entered the same child.
    """
    bars = bars_of(child)
    return any(names_meet(bar.name, name) or phones_meet(bar.phone, phone) for bar in bars)


def bars_of(child: Child) -> list[PickUpBar]:
    """Return the standing bars for a child, also those of another entry of the same child."""
    bars = PickUpBar.objects.standing().filter(child__born_on=child.born_on).select_related("child").order_by("pk")
    return [bar for bar in bars if bar.child_id == child.pk or names_meet(bar.child.name, child.name)]


def siblings_of(row: Attendance) -> list[Attendance]:
    """Return the attendances of the guardian's other children who are in the house at the same site."""
    enrolment = row.enrolment
    rows = (
        Attendance.objects.current()
        .here()
        .filter(enrolment__member=enrolment.member_id, day__on=row.day.on, day__term__site=row.day.term.site_id)
    )
    return list(rows.exclude(pk=row.pk).for_list().order_by("pk"))


def attempts_of(enrolment: Enrolment) -> list[PickUpAttempt]:
    """Return the last attempts to collect the child of an enrolment, newest first."""
    rows = PickUpAttempt.objects.filter(attendance__enrolment=enrolment)
    return list(rows.for_list().order_by("-at", "-pk")[:SHOWN])
