"""Reports from the door: tapped without a name, sent to whoever must act, settled in time.

Nothing that is stored leads to the visitor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from portal.core.logs import scrub
from portal.core.text import clean_line
from portal.deadlines.services import deadline_day, deadline_end, deadline_meet, deadline_start
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from datetime import date

    from portal.members.models import Member

VISITOR = Clock("nursing_rooms.visitor")
REPORT, URGENT = "nursing_rooms.report", "nursing_rooms.urgent"
# Of the people who could act on a report so many get the message.
TOLD = 5
# Characters of the visitors' notes that a report keeps.
NOTE = 200


def clock_of(report: RoomReport) -> str:
    """Return the deadline of a report: a shorter one for privacy, safety and staff."""
    return URGENT if report.bypasses else REPORT


@transaction.atomic
def report_tap(*, room: NursingRoom, trouble: str, note: str = "") -> RoomReport:
    """Count a tap at the door; the first of its kind opens a report and tells those who must act.

    Trouble with privacy, safety, misuse or the staff goes to the level above the room, never to its manager. A report
    that was answered with "no fault found" opens again, and the level above is told too. Identity numbers and phones
    are taken out of the note.
    """
    held = locks.hold(room)
    if held.state not in STANDING:
        raise DomainError(_("This room is no longer in the register."), code="no-room")
    kind, today, note = Trouble(trouble), timezone.localdate(), scrub(clean_line(note))[:NOTE]
    rows = RoomReport.objects.filter(room=held, trouble=kind)
    found = rows.open().first()
    if found is not None:
        return _add(found, today, note)
    cleared = rows.filter(state=ReportState.NO_FAULT).order_by("-pk").first()
    report = _reopened(cleared, today, note) if cleared is not None else _new(held, kind, today, note)
    deadline_start(about=report, code=clock_of(report), on=today)
    messages_post(
        kind="nursing_rooms.report_arrived",
        recipients=[(member, {"room": held.name}) for member in people_for(report, most=TOLD)],
        about=report,
        url=report.get_absolute_url(),
        channels=("in_app", "sms"),
    )
    return report


def _notes(new: str, old: str) -> str:
    return " · ".join(dict.fromkeys(part for part in (new, old) if part))[:NOTE]


def _add(report: RoomReport, today: date, note: str) -> RoomReport:
    held = locks.hold(report)
    held.taps += 1
    held.last_on = today
    held.note = _notes(note, held.note)
    held.save(update_fields=["taps", "last_on", "note"])
    return held


def _reopened(report: RoomReport, today: date, note: str) -> RoomReport:
    return advance(
        report,
        ReportState.OPEN,
        actor=VISITOR,
        last_on=today,
        due_on=deadline_day(clock_of(report), on=today).day,
        taps=report.taps + 1,
        settled_by=None,
        settled_at=None,
        note=_notes(note, report.note),
    )


def _new(room: NursingRoom, kind: Trouble, today: date, note: str) -> RoomReport:
    bypasses = kind in BYPASSING
    report = RoomReport.objects.create(
        room=room,
        organization=(room.organization.parent or room.organization) if bypasses else room.organization,
        trouble=kind,
        bypasses=bypasses,
        note=note,
        first_on=today,
        last_on=today,
        due_on=deadline_day(URGENT if bypasses else REPORT, on=today).day,
    )
    audit_record(actor=None, action="report.tap", about=report)
    return report


@transaction.atomic
def report_fix(*, actor: Member, report: RoomReport, answer: str) -> RoomReport:
    """Settle a report: what was wrong is fixed. The pin of the room turns green again."""
    return _settle(report, actor, ReportState.FIXED, answer)


@transaction.atomic
def report_clear(*, actor: Member, report: RoomReport, answer: str) -> RoomReport:
    """Settle a report with "no fault found"; refused a second time for the same trouble."""
    locks.hold(NursingRoom(pk=report.room_id))
    held = locks.hold(report)
    if held.cleared:
        raise DomainError(
            _("Others reported the same after “no fault found”. Somebody from outside must look at the room."),
            code="cleared-before",
        )
    return _settle(report, actor, ReportState.NO_FAULT, answer, cleared=held.cleared + 1)


def _settle(report: RoomReport, actor: Member, state: ReportState, answer: str, **changes: Any) -> RoomReport:
    """Settle a report; the room is held first, as by the visitor who taps at the same moment."""
    now = timezone.now()
    room = locks.hold(NursingRoom(pk=report.room_id))
    held = advance(report, state, actor=actor, answer=clean_line(answer), settled_by=actor, settled_at=now, **changes)
    deadline_meet(about=held, code=clock_of(held), actor=actor)
    fields: dict[str, Any] = {"verified_at": now}
    if held.trouble == Trouble.DIRTY and state == ReportState.FIXED:
        fields["cleaned_at"] = now
    for name, value in fields.items():
        setattr(room, name, value)
    room.save(update_fields=sorted(fields))
    return held


def reports_end(*, actor: Member, room: NursingRoom) -> int:
    """End the open reports of a room that is withdrawn, in the transaction that withdraws it; return how many."""
    rows = list(RoomReport.objects.filter(room=room).open().order_by("pk"))
    for report in rows:
        held = advance(report, ReportState.ENDED, actor=actor)
        deadline_end(about=held, code=clock_of(held), actor=actor)
    return len(rows)
