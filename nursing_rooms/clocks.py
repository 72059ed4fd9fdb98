"""The deadlines of reports from the door."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import NursingRoom, RoomReport
from nursing_rooms.selectors.rooms import managers_of, people_for
from nursing_rooms.services.reports import REPORT, URGENT
from portal.core.calendar import LONGEST
from portal.core.choices import Area, Capability
from portal.deadlines.choices import Unit
from portal.deadlines.clock import Clock
from portal.members.selectors import holders, nobody_nearer
from portal.organizations.selectors import legal_count

if TYPE_CHECKING:
    from datetime import date

    from nursing_rooms.querysets.reports import RoomReportQuerySet
    from portal.members.models import Member
    from portal.organizations.models import Organization


def days(key: str, on: date) -> int:
    """Return the number ``nursing_rooms.<key>`` in force on a day."""
    return legal_count(f"nursing_rooms.{key}", on=on, most=LONGEST)


def reports_open(*, bypasses: bool) -> RoomReportQuerySet:
    """Return the open reports that bypass the manager, or the others."""
    return RoomReport.objects.open().filter(bypasses=bypasses)


def reports_waiting(actor: Member, *, bypasses: bool) -> RoomReportQuerySet:
    """Return the reports that the actor must settle: of rooms looked after, or as the nearest staff."""
    rows = reports_open(bypasses=bypasses)
    nearest = nobody_nearer(actor, Area.NURSING_ROOMS, Capability.EDIT, organization="organization")
    mine = rows.filter(nearest)
    if bypasses:
        return mine.exclude(room__in=NursingRoom.objects.managed_by(actor))
    managed = rows.filter(room__in=NursingRoom.objects.managed_by(actor))
    return rows.filter(pk__in=managed.values("pk")) | rows.filter(pk__in=mine.filter(room__managers=None).values("pk"))


def staff_above(report: RoomReport, organization: Organization) -> list[Member]:
    """Return the staff of nursing rooms at the organisation above, without the room's managers."""
    away = {member.pk for member in managers_of(report.room)} if report.bypasses else set()
    return holders(Area.NURSING_ROOMS, Capability.EDIT, organization, but=away)


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
        above=staff_above,
        organization="organization",
        area=Area.NURSING_ROOMS,
        related=("organization", "room__organization"),
        title=lambda report: (
            _g("%(trouble)s: %(room)s")
            % {
                "trouble": report.get_trouble_display(),
                "room": report.room.name,
            }
        ),
        icon="door",
        due_kind="nursing_rooms.report_due",
        overdue_kind="nursing_rooms.report_overdue",
        shown_days=LONGEST,
    )


CLOCKS = [
    _clock(REPORT, _("Report from the door"), bypasses=False, unit=Unit.WORKING_DAYS, amount="report_working_days"),
    _clock(URGENT, _("Report about privacy or safety"), bypasses=True, unit=Unit.DAYS, amount="urgent_days"),
]
