"""Reports from the door: tapped without a name, sent to whoever must act, settled in time.

Nothing that is stored leads to the visitor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.reports import BYPASSING, ReportState, Trouble
from nursing_rooms.choices.rooms import STANDING
from nursing_rooms.models import NursingRoom, RoomReport
from nursing_rooms.selectors.rooms import people_for
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.text import clean_line
from portal.deadlines.services import deadline_day, deadline_meet, deadline_start
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from portal.members.models import Member

VISITOR = Clock("nursing_rooms.visitor")
REPORT, URGENT = "nursing_rooms.report", "nursing_rooms.urgent"
TOLD = 5


def clock_of(report: RoomReport) -> str:
    """Return the deadline of a report: a shorter one for privacy, safety and staff."""
    return URGENT if report.bypasses else REPORT


@transaction.atomic
def report_tap(*, room: NursingRoom, trouble: str, note: str = "") -> RoomReport:
    """Count a tap at the door; the first of its kind opens a report and tells those who must act.

    Trouble with privacy, safety, misuse or the staff goes to the level above the room, never to its manager. A report
    that was answered with "no fault found" opens again.
    """
    held = locks.hold(room)
    if held.state not in STANDING:
        raise DomainError(_("This room is no longer in the register."), code="no-room")
    kind = Trouble(trouble)
    today = timezone.localdate()
    note = clean_line(note)[:200]
    report = RoomReport.objects.filter(room=held, trouble=kind, state=ReportState.OPEN).first()
    if report is not None:
        report = locks.hold(report)
        report.taps += 1
        report.last_on = today
        report.note = note or report.note
        report.save(update_fields=["taps", "last_on", "note"])
        return report
    bypasses = kind in BYPASSING
    code = URGENT if bypasses else REPORT
    due = deadline_day(code, on=today).day
    cleared = RoomReport.objects.filter(room=held, trouble=kind, state=ReportState.NO_FAULT).order_by("-pk").first()
    if cleared is not None:
        report = advance(
            cleared,
            ReportState.OPEN,
            actor=VISITOR,
            last_on=today,
            due_on=due,
            taps=cleared.taps + 1,
            settled_by=None,
            settled_at=None,
            note=note or cleared.note,
        )
    else:
        above = held.organization.parent or held.organization
        report = RoomReport.objects.create(
            room=held,
            organization=above if bypasses else held.organization,
            trouble=kind,
            bypasses=bypasses,
            note=note,
            first_on=today,
            last_on=today,
            due_on=due,
        )
        audit_record(actor=VISITOR, action="report.tap", about=report)
    deadline_start(about=report, code=code, on=today)
    messages_post(
        kind="nursing_rooms.report_arrived",
        recipients=[(member, {"room": held.name, "trouble": kind.value}) for member in people_for(report)[:TOLD]],
        about=report,
        url=report.get_absolute_url(),
        channels=("in_app", "sms"),
    )
    return report


@transaction.atomic
def report_fix(*, actor: Member, report: RoomReport, answer: str) -> RoomReport:
    """Settle a report: what was wrong is fixed. The pin of the room turns green again."""
    return _settle(report, actor, ReportState.FIXED, answer)


@transaction.atomic
def report_clear(*, actor: Member, report: RoomReport, answer: str) -> RoomReport:
    """Settle a report with "no fault found"; refused a second time for the same trouble."""
    held = locks.hold(report)
    if held.cleared:
        raise DomainError(
            _("Others reported the same after “no fault found”. Somebody from outside must look at the room."),
            code="cleared-before",
        )
    return _settle(held, actor, ReportState.NO_FAULT, answer, cleared=held.cleared + 1)


def _settle(report: RoomReport, actor: Member, state: ReportState, answer: str, **changes: int) -> RoomReport:
    now = timezone.now()
    held = advance(report, state, actor=actor, answer=clean_line(answer), settled_by=actor, settled_at=now, **changes)
    deadline_meet(about=held, code=clock_of(held), actor=actor)
    room = locks.hold(held.room)
    room.verified_at = now
    if held.trouble == Trouble.DIRTY and state == ReportState.FIXED:
        room.cleaned_at = now
    room.save(update_fields=["verified_at", "cleaned_at"])
    return held
