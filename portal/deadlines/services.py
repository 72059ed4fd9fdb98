"""Deadlines: start, pause, resume, meet, end; late ones, and those to count again, by the clock.

The service that writes the row of an app calls these in its own transaction. The day in the owner's row
(``Clock.field``) is written here and nowhere else, so that it always equals the deadline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock as ByTime
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.services import steps_of
from portal.deadlines.choices import DeadlineState
from portal.deadlines.clock import Clock, clocks
from portal.deadlines.counting import Count, LastDay, last_day
from portal.deadlines.models import ClockRule, Deadline
from portal.messaging.services.messages import messages_post
from portal.organizations.selectors import working_calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from django.db.models import Model, QuerySet

    from portal.core.calendar import WorkingCalendar
    from portal.deadlines.querysets import DeadlineQuerySet
    from portal.members.models import Member
    from portal.organizations.models import Organization

BY_TIME = ByTime("deadlines.keep_time")
CHUNK = 500
# Of the people who could act on a deadline so many get the message.
TOLD = 5


def rule_of(clock: Clock) -> ClockRule:
    """Return the rule in force for ``clock``: the stored one, or one with the declared values that is not stored."""
    stored = ClockRule.objects.filter(code=clock.code).first()
    return stored or ClockRule(code=clock.code, unit=clock.unit, start_rule=clock.start, rolling=clock.rolling)


def deadline_day(code: str, *, on: date) -> LastDay:
    """Return the last day of a deadline that starts on ``on``, for a row that is not stored yet."""
    clock = clocks()[code]
    return _counted_anew(rule_of(clock), clock.amount(on), on)


def _counted_anew(rule: ClockRule, amount: int, on: date) -> LastDay:
    """Return the last day by ``rule``; DomainError for a rule that gives none, such as eleven years."""
    try:
        return last_day(working_calendar(), on, Count(rule.unit, amount, rule.start_rule, rule.rolling))
    except ValueError:
        raise DomainError(
            _("The rule of this deadline cannot be applied. Please tell the administrator."), code="no-rule"
        ) from None


@transaction.atomic
def deadline_start(*, about: Model, code: str, on: date) -> Deadline:
    """Start the clock ``code`` for a row; DomainError if it is running already."""
    clock = clocks()[code]
    rule, amount = rule_of(clock), clock.amount(on)
    found = _counted_anew(rule, amount, on)
    return _create(clock, about, rule, started_on=on, amount=amount, found=found)


def _create(
    clock: Clock, about: Any, rule: ClockRule, *, started_on: date, amount: int | None, found: LastDay
) -> Deadline:
    if _open(clock.code, about.pk).exists():
        raise DomainError(_("This deadline is running already."), code="running")
    (pk,) = reserve_pks(Deadline)
    row = Deadline(
        pk=pk,
        code=clock.code,
        about_model=about._meta.label_lower,
        about_id=about.pk,
        organization=_place_of(clock, about),
        started_on=started_on,
        unit=rule.unit,
        amount=amount,
        start_rule=rule.start_rule,
        rolling=rule.rolling,
        source=rule.source,
        unmoved_on=found.unmoved,
        due_on=found.day,
        provisional=found.provisional,
    )
    row.save(force_insert=True)
    _copy(clock, row)
    return row


def _place_of(clock: Clock, about: Any) -> Organization | None:
    place = about
    for name in clock.organization.split("__"):
        place = getattr(place, name)
    return cast("Organization | None", place)


def _open(code: str, about_id: int) -> DeadlineQuerySet:
    return Deadline.objects.open().filter(code=code, about_id=about_id)


def _copy(clock: Clock, row: Deadline) -> None:
    """Write the day into the owner's row."""
    clock.model._base_manager.filter(pk=row.about_id).update(**{clock.field: row.due_on})


def _held(about: Model, code: str) -> Deadline:
    row = _open(code, about.pk).first()
    if row is None:
        raise DomainError(_("This deadline is not running."), code="not-running")
    return locks.hold(row)


@transaction.atomic
def deadline_meet(*, about: Model, code: str, actor: Member | ByTime) -> Deadline | None:
    """Record that the deadline of a row was met today; None if no deadline is open."""
    return _settle(about, code, DeadlineState.MET, actor)


@transaction.atomic
def deadline_end(*, about: Model, code: str, actor: Member | ByTime) -> Deadline | None:
    """End the open deadline of a row that needs it no longer; None if no deadline is open."""
    return _settle(about, code, DeadlineState.ENDED, actor)


def _settle(about: Model, code: str, state: str, actor: Member | ByTime) -> Deadline | None:
    row = _open(code, about.pk).first()
    if row is None:
        return None
    return advance(row, state, actor=actor, settled_on=timezone.localdate(), paused_on=None)


@transaction.atomic
def deadline_pause(*, about: Model, code: str, actor: Member) -> Deadline:
    """Stop the clock of a row from today on (中止)."""
    return advance(_held(about, code), DeadlineState.PAUSED, actor=actor, paused_on=timezone.localdate())


@transaction.atomic
def deadline_resume(*, about: Model, code: str, actor: Member) -> Deadline:
    """Let the clock of a row run again; the calendar days of the pause are added once."""
    held = _held(about, code)
    if held.state != DeadlineState.PAUSED or held.paused_on is None:
        raise DomainError(_("This deadline is not paused."), code="not-paused")
    held.paused_days += (timezone.localdate() - held.paused_on).days
    changes = _counted(held, working_calendar())
    row = advance(held, DeadlineState.RUNNING, actor=actor, paused_on=None, paused_days=held.paused_days, **changes)
    _copy(clocks()[code], row)
    return row


def deadline_move(*, about: Model, code: str) -> None:
    """Let the open deadline of a row follow it to another organisation; the day stays."""
    _open(code, about.pk).update(organization=_place_of(clocks()[code], about), passed_to=None)


def _counted(row: Deadline, calendar: WorkingCalendar) -> dict[str, Any]:
    """Return the fields of the last day, counted by the rule and the pauses of ``row``."""
    if row.amount is None:
        return {}
    count = Count(row.unit, row.amount, row.start_rule, row.rolling, row.paused_days)
    found = last_day(calendar, row.started_on, count)
    return {"due_on": found.day, "unmoved_on": found.unmoved, "provisional": found.provisional}


def deadlines_keep_time() -> int:
    """Take all steps that time causes, each in its own transaction; return how many. A second run changes nothing.

    Deadlines first follow their rows, which other code may have changed (the previous release during an upgrade, a
    transfer of a member): rows without a deadline get one, deadlines of settled rows end, and each deadline goes to the
    organisation of its row. Then provisional days are counted again once the holidays are known, deadlines become late,
    and late ones are passed to the level above.
    """
    calendar, today = working_calendar(), timezone.localdate()
    passed = calendar.subtract_working_days(today, settings.DEADLINE_PASSED_WORKING_DAYS)
    late = Deadline.objects.filter(state=DeadlineState.LATE, due_on__lt=passed, passed_to=None)
    known = clocks()
    with steps_of("deadlines.keep_time") as steps:
        taken = 0
        for clock in known.values():
            for about in _without(clock):
                with steps.one(about):
                    taken += _adopt(clock, about)
            for row in _left_over(clock):
                with steps.one(row):
                    taken += _end(row)
            taken += _follow(clock)
        for rows, step in (
            (Deadline.objects.provisional(), _count_again),
            (Deadline.objects.late_on(today), _late),
            (late.exclude(organization__parent=None), _pass),
        ):
            for row in rows.filter(code__in=known).order_by("pk").iterator(chunk_size=CHUNK):
                with steps.one(row):
                    taken += step(row)
    return taken


def _without(clock: Clock) -> QuerySet[Any]:
    """Return the rows that need the clock and have no open deadline."""
    mine = Deadline.objects.open().filter(code=clock.code, about_id=OuterRef("pk"))
    return clock.open().filter(~Exists(mine)).order_by("pk")[:CHUNK]


def _left_over(clock: Clock) -> QuerySet[Deadline]:
    """Return the open deadlines of rows that need the clock no longer, or are gone."""
    needed = clock.open().order_by().filter(pk=OuterRef("about_id"))
    return Deadline.objects.open().filter(~Exists(needed), code=clock.code).order_by("pk")[:CHUNK]


@transaction.atomic
def _end(row: Deadline) -> int:
    held = locks.hold(row)
    if not held.is_open:
        return 0
    advance(held, DeadlineState.ENDED, actor=BY_TIME, settled_on=timezone.localdate(), paused_on=None)
    return 1


def _follow(clock: Clock) -> int:
    """Let open deadlines be at the organisation of their rows; return how many moved."""
    place = clock.model._base_manager.filter(pk=OuterRef("about_id")).values(f"{clock.organization}_id")[:1]
    rows = Deadline.objects.open().filter(code=clock.code).annotate(place=Subquery(place))
    moved = rows.exclude(place=None).exclude(organization_id=F("place"))
    return Deadline.objects.filter(pk__in=list(moved.values_list("pk", flat=True)[:CHUNK])).update(
        organization_id=Subquery(place), passed_to=None
    )


@transaction.atomic
def _adopt(clock: Clock, about: Any) -> int:
    """Take over the day that stands in the owner's row; it is not counted again."""
    held = locks.hold(about)
    day = getattr(held, clock.field)
    if _open(clock.code, held.pk).exists():
        return 0
    created = getattr(held, "created_at", None)
    started = min(timezone.localdate(created) if created is not None else timezone.localdate(), day)
    _create(clock, held, rule_of(clock), started_on=started, amount=None, found=LastDay(day, day, provisional=False))
    return 1


@transaction.atomic
def _count_again(row: Deadline) -> int:
    """Count a provisional day again; the people who are reminded are told when it has moved."""
    held = locks.hold(row)
    if not held.is_open:
        return 0
    clock = clocks()[held.code]
    before, changes = held.due_on, _counted(held, working_calendar())
    if changes["provisional"] and changes["due_on"] == before:
        return 0
    for name, value in changes.items():
        setattr(held, name, value)
    held.save(update_fields=sorted(changes))
    if held.due_on == before:
        return 1
    _copy(clock, held)
    if held.state == DeadlineState.LATE and held.due_on >= timezone.localdate():
        held = advance(held, DeadlineState.RUNNING, actor=BY_TIME, passed_to=None)
    audit_record(
        actor=BY_TIME,
        action="deadline.recount",
        about=held,
        fields=["due_on"],
        data={"before": before.isoformat(), "after": held.due_on.isoformat()},
    )
    _tell(clock, held, "deadlines.moved", clock.told, {"before": before.isoformat()})
    return 1


@transaction.atomic
def _late(row: Deadline) -> int:
    held = locks.hold(row)
    if held.state != DeadlineState.RUNNING or held.due_on >= timezone.localdate():
        return 0
    advance(held, DeadlineState.LATE, actor=BY_TIME)
    return 1


@transaction.atomic
def _pass(row: Deadline) -> int:
    """Show an overdue deadline to the organisation above, and tell the staff there."""
    held = locks.hold(row)
    if held.state != DeadlineState.LATE or held.passed_to_id is not None or held.organization is None:
        return 0
    above = held.organization.parent
    if above is None:
        return 0
    held.passed_to = above
    held.save(update_fields=["passed_to"])
    audit_record(actor=BY_TIME, action="deadline.pass", about=held, data={"to": above.pk})
    _tell(clocks()[held.code], held, "deadlines.passed", lambda about: clocks()[held.code].above(about, above), {})
    return 1


def _tell(
    clock: Clock, row: Deadline, kind: str, people: Callable[[Any], Iterable[Member]], context: dict[str, object]
) -> None:
    about: Any = clock.model._base_manager.select_related(*clock.related).filter(pk=row.about_id).first()
    if about is None:
        return
    words = {"code": clock.code, "number": row.about_id, "due": row.due_on.isoformat(), **context}
    messages_post(
        kind=kind,
        recipients=[(member, words) for member in list(people(about))[:TOLD]],
        about=about,
        url=about.get_absolute_url(),
    )
