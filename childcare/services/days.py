"""Services of the days of a class: who came, who did not, who of the staff was there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.days import AttendanceState
from childcare.choices.terms import TermState
from childcare.models import Attendance, ClassDay, ClassTerm, Enrolment, StaffPresence
from childcare.selectors.days import number_of, ratio_of
from childcare.services.telling import tell_absence, tell_arrived, tell_away, tell_ratio, tell_undone
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.organizations.selectors import working_calendar
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from datetime import date

    from childcare.models import CareStaff
    from portal.members.models import Member

# The guardian and the teachers, the union that manages the site, the level above it.
LEVELS = 3
NO_CLASS = _("The class is not held on this day.")


@transaction.atomic
def day_open(*, term: ClassTerm, on: date) -> ClassDay:
    """Return the day of a class, with a row for each child with a place; what exists already stays as it is.

    Refused for a day on which the class is not held.
    """
    if term.state != TermState.ENROLLING or not term.meets_on(on, working_calendar()):
        raise DomainError(NO_CLASS, code="no-class")
    day, _created = ClassDay.objects.get_or_create(term=term, on=on)
    placed = Enrolment.objects.filter(offering=term, state=SignUpState.CONFIRMED)
    missing = placed.exclude(attendances__day=day).values_list("pk", flat=True)
    Attendance.objects.bulk_create(
        [Attendance(day=day, enrolment_id=pk) for pk in missing], ignore_conflicts=True, batch_size=500
    )
    return day


def days_open() -> int:
    """Open today's day of each class that is held, with each child that has a place by now; return how many it opened.

    A day may have been opened before, for an absence told in advance; whoever got a place since is added.
    """
    today, calendar, count = timezone.localdate(), working_calendar(), 0
    if not calendar.is_working(today):
        return count
    listed = Attendance.objects.filter(enrolment=OuterRef("pk"), day__on=today)
    missing = Enrolment.objects.filter(~Exists(listed), offering=OuterRef("pk"), state=SignUpState.CONFIRMED)
    opened = ClassDay.objects.filter(term=OuterRef("pk"), on=today)
    running = ClassTerm.objects.filter(state=TermState.ENROLLING, first_on__lte=today, last_on__gte=today)
    with steps_of("childcare.days") as steps:
        for term in running.filter(~Exists(opened) | Exists(missing)).order_by("pk"):
            with steps.one(term):
                day_open(term=term, on=today)
                count += 1
    return count


def held_today(*attendances: Attendance) -> list[Attendance]:
    """Lock attendances of today, in the order of their keys, with their days before them.

    Refused for another day, one that is closed, and for a child without a place.
    """
    for day in ClassDay.objects.filter(rows__in=[row.pk for row in attendances]).distinct().order_by("pk"):
        held_day(day)
    found = []
    for row in sorted(attendances, key=lambda one: one.pk):
        held = locks.hold(row)
        if held.enrolment.state != SignUpState.CONFIRMED:
            raise DomainError(_("This child no longer has a place in the class."), code="no-place")
        found.append(held)
    return found


def moment_of(at: datetime | None, day: ClassDay) -> datetime:
    """Return when something was tapped: ``at``, never in the future and never before the day."""
    now = timezone.now()
    if at is None or at > now:
        return now
    midnight = datetime.combine(day.on, datetime.min.time(), timezone.get_default_timezone())
    if at < midnight:
        raise DomainError(_("Only the entries of today can be changed."), code="other-day")
    return at


@transaction.atomic
def attendance_arrive(*, actor: Member, attendance: Attendance, at: datetime | None = None) -> Attendance:
    """Enter that a child has come; ``at`` is when it was tapped, which may be sent later.

    A child that is here already stays as it is, and so does one whose entry was taken back after the tap. An absence is
    replaced. The guardian who was alerted, or had told the absence, is told that the child is here.
    """
    (held,) = held_today(attendance)
    moment = moment_of(at, held.day)
    if held.state == AttendanceState.HERE or (held.undone_at and moment <= held.undone_at):
        return held
    if held.state == AttendanceState.COLLECTED:
        if held.left_at and moment <= held.left_at:
            # A tap of the morning that arrives after the child has been collected.
            return held
        return advance(held, AttendanceState.HERE, actor=actor, left_at=None, left_by=None)
    was_away, level = held.state == AttendanceState.AWAY, held.alert_level
    row = advance(
        held, AttendanceState.HERE, actor=actor, arrived_at=moment, arrived_by=actor, absence="", alert_level=0
    )
    if was_away or level:
        tell_arrived(row, level)
    _check_ratio(row.day)
    return row


@transaction.atomic
def attendance_away(*, actor: Member, attendance: Attendance, absence: str, at: datetime | None = None) -> Attendance:
    """Enter why a child does not come, and tell its guardian, who may know otherwise.

    Refused for a child that is here: it leaves with somebody who may collect it.
    """
    (held,) = held_today(attendance)
    moment = moment_of(at, held.day)
    if held.state == AttendanceState.AWAY or (held.undone_at and moment <= held.undone_at):
        return held
    if held.state == AttendanceState.HERE:
        raise DomainError(_("This child is here. Use “Collect” when somebody takes it home."), code="here")
    level = held.alert_level
    row = advance(held, AttendanceState.AWAY, actor=actor, absence=absence, alert_level=0)
    tell_away(row, level)
    return row


@transaction.atomic
def attendance_undo(*, actor: Member, attendance: Attendance, at: datetime | None = None) -> Attendance:
    """Take back an arrival or an absence that was entered by mistake on the same day; ``at`` is when it was tapped.

    An arrival that was entered after the tap stays. The guardian of a child that was here is told, and the time after
    which an absence is told begins anew.
    """
    (held,) = held_today(attendance)
    moment = moment_of(at, held.day)
    if held.state == AttendanceState.EXPECTED or (held.arrived_at and held.arrived_at > moment):
        return held
    was_here = held.state == AttendanceState.HERE
    row = advance(
        held,
        AttendanceState.EXPECTED,
        actor=actor,
        arrived_at=None,
        arrived_by=None,
        absence="",
        told_at=None,
        alert_level=0,
        alerted_at=timezone.now(),
        undone_at=moment if was_here else held.undone_at,
    )
    if was_here:
        tell_undone(row)
    return row


@transaction.atomic
def absence_tell(*, actor: Member, enrolment: Enrolment, on: date, absence: str) -> Attendance:
    """Enter, as the guardian, that a child does not come on a day, and confirm it to her; refused once it is there."""
    if enrolment.state != SignUpState.CONFIRMED:
        raise DomainError(_("This child no longer has a place in the class."), code="no-place")
    if on < timezone.localdate():
        raise DomainError(_("This day is over."), code="over")
    day = day_open(term=enrolment.offering, on=on)
    held = _held_open(day.rows.filter(enrolment=enrolment).first())
    if held.state == AttendanceState.AWAY:
        return held
    if held.state != AttendanceState.EXPECTED:
        raise DomainError(_("The teachers have entered that the child came. Please call them."), code="here")
    level = held.alert_level
    row = advance(held, AttendanceState.AWAY, actor=actor, absence=absence, told_at=timezone.now(), alert_level=0)
    tell_away(row, level)
    return row


def _held_open(attendance: Attendance | None) -> Attendance:
    """Lock an attendance of today or a day to come for its guardian, with the day before it, as ``held_today`` does."""
    if attendance is None:
        raise DomainError(_("This child no longer has a place in the class."), code="no-place")
    day = locks.hold(attendance.day)
    if day.closed_at is not None or day.on < timezone.localdate():
        raise DomainError(_("This day is closed."), code="closed")
    held = locks.hold(attendance)
    if held.enrolment.state != SignUpState.CONFIRMED:
        raise DomainError(_("This child no longer has a place in the class."), code="no-place")
    return held


@transaction.atomic
def absence_take_back(*, actor: Member, attendance: Attendance) -> Attendance:
    """Take back, as the guardian, an absence told before: the child comes."""
    held = _held_open(attendance)
    if held.state != AttendanceState.AWAY or held.told_at is None:
        return held
    return advance(held, AttendanceState.EXPECTED, actor=actor, absence="", told_at=None, alerted_at=timezone.now())


@transaction.atomic
def presence_begin(*, actor: Member, day: ClassDay, staff: CareStaff, counts: bool = True) -> StaffPresence:
    """Enter that somebody of the staff is with the class, or at a training elsewhere; refused for another site."""
    held = held_day(day)
    if staff.site_id != held.term.site_id or staff.confirmed_by_id is None or staff.check_until < held.on:
        raise DomainError(_("This person does not work at this site."), code="not-here")
    now = timezone.now()
    found: StaffPresence | None = StaffPresence.objects.filter(day=held, staff=staff, left_at=None).first()
    if found is not None and found.counts == counts:
        return found
    # Nobody is in two classes at once.
    open_ones = StaffPresence.objects.filter(day__on=held.on, staff__member=staff.member_id, left_at=None)
    for other in open_ones:
        _end(other, now)
    row = StaffPresence.objects.create(day=held, staff=staff, came_at=now, counts=counts)
    audit_record(actor=actor, action="presence.begin", about=row, data={"counts": counts})
    _check_ratio(held)
    return row


@transaction.atomic
def presence_end(*, actor: Member, day: ClassDay, staff: CareStaff) -> None:
    """Enter that somebody of the staff has left; the class head is told if too few stay with the children."""
    held = held_day(day)
    for row in StaffPresence.objects.filter(day=held, staff=staff, left_at=None):
        _end(row, timezone.now())
        audit_record(actor=actor, action="presence.end", about=row)
    _check_ratio(held)


def held_day(day: ClassDay) -> ClassDay:
    """Lock the day; refused for another day than today, and for one that is closed."""
    held = locks.hold(day)
    if held.on != timezone.localdate():
        raise DomainError(_("Only the entries of today can be changed."), code="other-day")
    if held.closed_at is not None:
        raise DomainError(_("This day is closed."), code="closed")
    return held


def _end(row: StaffPresence, now: datetime) -> None:
    row.left_at = now
    row.save(update_fields=["left_at"])


def _check_ratio(day: ClassDay) -> None:
    """Tell that too few adults are with the children, at most once in an hour."""
    found = ratio_of(day)
    lately = day.ratio_told_at is not None and timezone.now() - day.ratio_told_at < timedelta(hours=1)
    if found.is_over and not lately:
        day.ratio_told_at = timezone.now()
        day.save(update_fields=["ratio_told_at"])
        tell_ratio(day, found)


@transaction.atomic
def day_close(*, actor: Member, day: ClassDay) -> ClassDay:
    """Close the day: its entries stay as they are, and what was left open is marked.

    Refused while a child is in the house or on an outing. Alerts about children who have not come go on.
    """
    held = held_day(day)
    rows = held.rows.current()
    if count := rows.here().count():
        raise DomainError(
            _("%(count)s children are still here. Each leaves with somebody who may collect it.") % {"count": count},
            code="here",
        )
    if held.outings.under_way().exists():
        raise DomainError(_("An outing has not ended. Count the children back first."), code="outing")
    now = timezone.now()
    for row in held.presences.filter(left_at=None):
        _end(row, now)
    held.left_open = rows.filter(state=AttendanceState.EXPECTED).count()
    held.closed_at, held.closed_by = now, actor
    held.save(update_fields=["left_open", "closed_at", "closed_by"])
    audit_record(actor=actor, action="day.close", about=held, data={"open": held.left_open})
    return held


@transaction.atomic
def day_reopen(*, actor: Member, day: ClassDay) -> ClassDay:
    """Open a day again that was closed by mistake, or on which something is still to be entered; only on that day."""
    held = locks.hold(day)
    if held.closed_at is None or held.on != timezone.localdate():
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    held.left_open, held.closed_at, held.closed_by = 0, None, None
    held.save(update_fields=["left_open", "closed_at", "closed_by"])
    audit_record(actor=actor, action="day.reopen", about=held)
    return held


def absences_alert() -> int:
    """Alert about children who have not come and whose absence nobody explained; return how many alerts went out.

    The first goes to the guardian and the teachers, the next to the union that manages the site, the next to the level
    above it, each after another ``childcare.absence_minutes``. No answer ends an alert: only an entry does.
    """
    now, today, count = timezone.now(), timezone.localdate(), 0
    if not working_calendar().is_working(today):
        return count
    waiting = Attendance.objects.current().filter(
        state=AttendanceState.EXPECTED,
        day__on=today,
        day__term__state=TermState.ENROLLING,
        day__term__first_on__lte=today,
        day__term__last_on__gte=today,
        alert_level__lt=LEVELS,
    )
    with steps_of("childcare.absences") as steps:
        for row in waiting.for_list().order_by("pk"):
            with steps.one(row), transaction.atomic():
                count += _alert(row, now)
    return count


def _alert(row: Attendance, now: datetime) -> int:
    held = locks.hold(row)
    begins = datetime.combine(held.day.on, held.day.term.starts, timezone.get_default_timezone())
    # After an entry that was taken back, and after each alert, the time begins anew.
    since = max(begins, held.alerted_at) if held.alerted_at else begins
    due = since + timedelta(minutes=number_of("absence_minutes", held.day))
    if held.state != AttendanceState.EXPECTED or held.alert_level >= LEVELS or now < due:
        return 0
    held.alert_level += 1
    held.alerted_at = now
    held.save(update_fields=["alert_level", "alerted_at"])
    audit_record(
        actor=Clock("childcare.absence"), action="attendance.alert", about=held, data={"level": held.alert_level}
    )
    tell_absence(held)
    return 1
