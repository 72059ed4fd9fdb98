"""What guardians read of the places of a class and of their child's position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from childcare.models.terms import POOL
from portal.signups.choices import HOLDING, SignUpState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from childcare.models import ClassTerm, Enrolment


@dataclass(frozen=True)
class PlacesSaid:
    """The one count of places that everybody reads: all, reserved (why, approved by whom), taken, open, waiting."""

    total: int
    reserved: int
    reason: str
    approver: str
    taken: int
    open: int
    waiting: int
    applied: int


def places_said(term: ClassTerm) -> PlacesSaid:
    """Return the places of a term as everybody reads them."""
    counts = term.signups.aggregate(
        taken=Count("pk", filter=Q(state__in=HOLDING)),
        waiting=Count("pk", filter=Q(state=SignUpState.WAITLISTED)),
        applied=Count("pk", filter=Q(state=SignUpState.APPLIED)),
    )
    return PlacesSaid(
        total=term.places_total,
        reserved=term.reserved,
        reason=term.reserved_reason,
        approver=term.reserved_by.name if term.reserved_by else "",
        taken=counts["taken"],
        open=max(term.capacity(POOL) - counts["taken"], 0),
        waiting=counts["waiting"],
        applied=counts["applied"],
    )


def line_up(row: Enrolment) -> int:
    """Return the child's position on the waiting list, 1 for the first; 0 if it does not wait."""
    if row.state != SignUpState.WAITLISTED:
        return 0
    ahead: int = row.offering.signups.filter(state=SignUpState.WAITLISTED, place__lte=row.place).count()
    return ahead


def mark_twins(rows: Sequence[Enrolment]) -> None:
    """Set ``twin`` of each row: a sentence where an earlier row has a child of the same name, else ''.

    Two guardians may have entered one child; and two children of one name are easily confused.
    """
    names: dict[str, Enrolment] = {}
    children: dict[tuple[str, date], Enrolment] = {}
    for row in rows:
        row.twin = ""
        if row.child is None:
            continue
        same = children.setdefault((row.child.name, row.child.born_on), row)
        namesake = names.setdefault(row.child.name, row)
        if same is not row:
            row.twin = _("may be the same child as no. %(number)s") % {"number": same.place}
        elif namesake is not row:
            row.twin = _("has the same name as no. %(number)s") % {"number": namesake.place}
