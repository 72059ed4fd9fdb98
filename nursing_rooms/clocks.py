"""The deadlines of reports from the door, and of findings of inspections."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import NursingRoom, RoomFinding, RoomManager, RoomReport
from nursing_rooms.selectors.rooms import people_for, staff_for
from nursing_rooms.services.reports import REPORT, URGENT
from portal.core.calendar import LONGEST
from portal.core.choices import Area, Capability
from portal.deadlines.choices import Unit
from portal.deadlines.clock import Clock
from portal.inspections.rectifying import finding_clocks
from portal.members.models import Duty
from portal.members.selectors import nobody_nearer
from portal.organizations.selectors import legal_count

if TYPE_CHECKING:
    from datetime import date

    from nursing_rooms.querysets.reports import RoomReportQuerySet
    from portal.members.models import Member


def days(key: str, on: date) -> int:
    """Return the number ``nursing_rooms.<key>`` in force on a day."""
    return legal_count(f"nursing_rooms.{key}", on=on, most=LONGEST)


def reports_open(*, bypasses: bool) -> RoomReportQuerySet:
    """Return the open reports that bypass the manager, or the others."""
    return RoomReport.objects.open().filter(bypasses=bypasses)


def reports_waiting(actor: Member, *, bypasses: bool) -> RoomReportQuerySet:
    """Return the reports that the actor must settle: of rooms looked after, or as the nearest staff."""
    rows, managed = reports_open(bypasses=bypasses), NursingRoom.objects.managed_by(actor)
    managers = RoomManager.objects.current().filter(room=OuterRef("room"), member__is_active=True)
    if bypasses:
        # Where one of the managers is also staff, somebody further up must be able to act.
        at_desks = Duty.objects.current().filter(member=OuterRef("member"))
        nearest = _nearest(actor, late=Q(Exists(managers.filter(Exists(at_desks)))))
        return rows.filter(nearest, pk__in=RoomReport.objects.visible_to(actor).values("pk"))
    unmanaged = ~Exists(managers) | Q(cleared__gt=0)
    return rows.filter(Q(room__in=managed) | (_nearest(actor, late=Q(cleared__gt=0)) & unmanaged))


def _nearest(actor: Member, *, late: Q) -> Q:
    return nobody_nearer(actor, Area.NURSING_ROOMS, Capability.EDIT, organization="organization", late=late)


def _clock(code: str, name: Any, *, bypasses: bool, unit: Unit, amount: str) -> Clock:
    return Clock(
        code=code,
        model=RoomReport,
        name=name,
        unit=unit,
        amount=partial(days, amount),
        source=_("The promise at the door of the room"),
        open=partial(reports_open, bypasses=bypasses),
        seen_by=RoomReport.objects.visible_to,
        waiting=partial(reports_waiting, bypasses=bypasses),
        told=people_for,
        above=staff_for,
        organization="organization",
        area=Area.NURSING_ROOMS,
        related=("organization__parent", "room__organization"),
        title=lambda report: f"{report.get_trouble_display()} · {report.room.name}",
        icon="door",
        due_kind="nursing_rooms.report_due",
        overdue_kind="nursing_rooms.report_overdue",
        shown_days=LONGEST,
        confidential=bypasses,
    )


CLOCKS = [
    _clock(REPORT, _("Report from the door"), bypasses=False, unit=Unit.WORKING_DAYS, amount="report_working_days"),
    _clock(URGENT, _("Report about privacy or safety"), bypasses=True, unit=Unit.DAYS, amount="urgent_days"),
    *finding_clocks(
        RoomFinding,
        area=Area.NURSING_ROOMS,
        unit="inspection__room__organization",
        source=_("Set by the inspecting union"),
    ),
]
