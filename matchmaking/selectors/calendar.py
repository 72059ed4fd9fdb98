"""Selectors for the calendar of events and venues."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import PUBLIC_STATES, RESERVING
from matchmaking.models import MatchEvent, Venue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matchmaking.querysets.events import MatchEventQuerySet
    from portal.members.models import Member

    Day = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """One month as weeks from Monday on, with the rows of each day.

    ``before`` and ``after`` name the neighbouring months, such as 2026-11.
    """

    first: date
    weeks: list[list[Day]]
    before: str
    after: str

    @property
    def days(self) -> list[Day]:
        """The days that have rows, for narrow screens and screen readers."""
        return [day for week in self.weeks for day in week if day["rows"]]


def month_of(text: str | None) -> date:
    """Return the first day of the month named by ``text`` (2026-11), or of this month for any other text."""
    try:
        first = datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return timezone.localdate().replace(day=1)
    return first if 2000 <= first.year <= 2100 else timezone.localdate().replace(day=1)


def month_bounds(first: date) -> tuple[datetime, datetime]:
    """Return the moments at which the month and the next month begin."""
    zone = timezone.get_current_timezone()
    following = (first + timedelta(days=32)).replace(day=1)
    return datetime(first.year, first.month, 1, tzinfo=zone), datetime(following.year, following.month, 1, tzinfo=zone)


def month_build(first: date, rows: Iterable[tuple[date, object]]) -> Month:
    """Return a ``Month`` made from (day, row) pairs."""
    by_day = defaultdict(list)
    for day, row in rows:
        by_day[day].append(row)
    weeks = [
        [{"day": day, "inside": day.month == first.month, "rows": by_day.get(day, [])} for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(
        first=first,
        weeks=weeks,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=32):%Y-%m}",
    )


def events_of_month(events: MatchEventQuerySet, first: date) -> Month:
    """Return the ``Month`` of ``events``, each on the day on which it begins."""
    begins, ends = month_bounds(first)
    rows = events.filter(starts_at__gte=begins, starts_at__lt=ends).order_by("starts_at", "pk")
    return month_build(first, [(timezone.localdate(row.starts_at), row) for row in rows[:500]])


def venue_month(venue: Venue, actor: Member, first: date) -> Month:
    """Return the ``Month`` of a venue with each event that reserves it.

    The title is shown only where ``actor`` may see the event.
    """
    begins, ends = month_bounds(first)
    held = MatchEvent.objects.filter(
        venue=venue, state__in=(*RESERVING, *PUBLIC_STATES), starts_at__lt=ends, ends_at__gt=begins
    )
    seen = set(held.visible_to(actor).values_list("pk", flat=True))
    rows = []
    for event in held.order_by("starts_at", "pk"):
        known = event.pk in seen
        row = {
            "title": event.title if known else _("Occupied"),
            "url": event.get_absolute_url() if known else "",
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
        }
        day, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
        for _number in range(min((last - day).days, 40) + 1):
            rows.append((day, row))
            day += timedelta(days=1)
    return month_build(first, rows)
