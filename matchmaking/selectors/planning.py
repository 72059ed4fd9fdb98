"""Reads about planning: money by year, kind and place, demands by theme, the months of events and venues."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import PUBLIC_STATES, RESERVING, CostKind, DemandState, EventState, LetterTo
from matchmaking.models import EventBudget, EventCost, EventLetter, EventPartner, MatchEvent, Participation, Venue
from portal.signups.choices import TOOK_PART, SignUpState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.events import MatchEventQuerySet
    from matchmaking.querysets.planning import BudgetQuerySet, DemandQuerySet, OfEventQuerySet
    from portal.members.models import Member
    from portal.organizations.models import Organization

    Day = dict[str, Any]

AMOUNT = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Decimal(0)


def _standing(costs: OfEventQuerySet[EventCost]) -> OfEventQuerySet[EventCost]:
    """Costs of events that took or take place: a cancelled one counts with what was spent all the same."""
    return costs.exclude(event__state=EventState.CANCELLED, spent=None)


def with_costs(budgets: BudgetQuerySet) -> BudgetQuerySet:
    """Annotate budgets with ``costs_planned``, ``costs_spent`` and ``rest``: the planned amount less what is spent.

    Where nothing is written as spent yet, what is planned for the event is taken off.
    """
    own = (
        _standing(EventCost.objects.all())
        .annotate(in_year=ExtractYear("event__starts_at"))
        .filter(event__organization=OuterRef("organization"), in_year=OuterRef("year"))
        .order_by()
        .values("event__organization")
    )

    def total(expression: str | Coalesce) -> Coalesce:
        return Coalesce(Subquery(own.annotate(total=Sum(expression)).values("total"), output_field=AMOUNT), NOTHING)

    return budgets.annotate(
        costs_planned=total("planned"), costs_spent=total("spent"), costs_due=total(Coalesce("spent", "planned"))
    ).annotate(rest=F("planned") - F("costs_due"))


@dataclass(frozen=True)
class BudgetLine:
    """One line of a budget: what it is for, what was planned and spent."""

    label: StrOrPromise
    planned: Decimal
    spent: Decimal
    url: str = ""
    quiet: str = ""


def budget_kinds(budget: EventBudget) -> list[BudgetLine]:
    """Return the costs of a budget's events by kind."""
    rows = (
        _costs_of(budget.organization, budget.year).values("kind").annotate(p=Sum("planned"), s=Sum("spent")).order_by()
    )
    found = {row["kind"]: row for row in rows}
    return [
        BudgetLine(kind.label, found[kind]["p"], found[kind]["s"] or NOTHING)
        for kind in CostKind
        if kind.value in found
    ]


def budget_events(budget: EventBudget, limit: int = 100) -> list[BudgetLine]:
    """Return the costs of a budget by event, the latest first."""
    standing = ~Q(state=EventState.CANCELLED) | Q(costs__spent__isnull=False)
    events = (
        MatchEvent.objects.filter(organization=budget.organization, starts_at__year=budget.year, costs__isnull=False)
        .annotate(p=Sum("costs__planned", filter=standing), s=Sum("costs__spent"))
        .exclude(p=None)
        .order_by("-starts_at")[:limit]
    )
    return [
        BudgetLine(
            event.title,
            event.p,  # type: ignore[attr-defined]  # annotated above
            event.s or NOTHING,  # type: ignore[attr-defined]  # annotated above
            event.get_absolute_url(),
            event.get_state_display(),
        )
        for event in events
    ]


def _costs_of(organization: Organization, year: int) -> OfEventQuerySet[EventCost]:
    return _standing(EventCost.objects.filter(event__organization=organization, event__starts_at__year=year))


@dataclass(frozen=True)
class Level:
    """What one organisation directly below and all under it set aside and spent in a year."""

    name: str
    budgets: int
    planned: Decimal
    spent: Decimal


def budget_levels(budget: EventBudget) -> list[Level]:
    """Return the organisations directly below that of ``budget``, each with all under it, by name."""
    path, year = budget.organization.path, budget.year

    def child(of_path: str) -> str | None:
        rest = of_path[len(path) :]
        return rest.partition("/")[0] if rest else None

    counts: Counter[str | None] = Counter()
    planned: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    spent: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    budgets = EventBudget.objects.filter(organization__path__startswith=path, year=year)
    for at, amount in budgets.exclude(organization=budget.organization).values_list("organization__path", "planned"):
        counts[child(at)] += 1
        planned[child(at)] += amount
    costs = (
        EventCost.objects.filter(event__organization__path__startswith=path, event__starts_at__year=year)
        .exclude(event__organization=budget.organization)
        .values_list("event__organization__path")
        .annotate(s=Sum("spent"))
        .order_by()
    )
    for at, total in costs:
        spent[child(at)] += total or NOTHING
    model = type(budget.organization)
    child_of = {
        str(row.pk): row.label
        for row in model._default_manager.filter(pk__in=[int(pk) for pk in {*planned, *spent} if pk])
    }
    levels = [Level(name, counts[pk], planned[pk], spent[pk]) for pk, name in child_of.items()]
    return sorted(levels, key=lambda level: (-level.planned, level.name))


@dataclass(frozen=True)
class ThemeDemand:
    """What is asked for under one theme: open demands and the people behind them."""

    theme: StrOrPromise
    pk: int | None
    demands: int
    people: int


def demand_themes(demands: DemandQuerySet) -> list[ThemeDemand]:
    """Return open demands by theme, the most wanted first."""
    rows = (
        demands.filter(state=DemandState.OPEN)
        .order_by()
        .values("theme", "theme__name")
        .annotate(demands=Count("pk"), people=Sum("people"))
    )
    found = [
        ThemeDemand(row["theme__name"] or _("Without a theme"), row["theme"], row["demands"], row["people"])
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.people, str(one.theme)))


def demands_met(demands: DemandQuerySet) -> tuple[int, int]:
    """Return (met, asked): demands whose event was published, of all that were not taken back."""
    counts = demands.exclude(state=DemandState.WITHDRAWN).aggregate(
        asked=Count("pk"), met=Count("pk", filter=Q(state=DemandState.PLANNED, event__state__in=PUBLIC_STATES))
    )
    return counts["met"], counts["asked"]


def partner_share(partner: EventPartner) -> int | None:
    """Return how many confirmed participants come from the partner union; None where units stay hidden."""
    if partner.event.restricted or partner.organization is None:
        return None
    return Participation.objects.filter(
        offering=partner.event, state__in=TOOK_PART, unit__path__startswith=partner.organization.path
    ).count()


@dataclass(frozen=True)
class Month:
    """The days of one month in weeks from Monday on, with what is on each; ``before`` and ``after`` are 2026-11."""

    first: date
    weeks: list[list[Day]]
    before: str
    after: str

    @property
    def days(self) -> list[Day]:
        """The days on which something is, for narrow screens and for reading aloud."""
        return [day for week in self.weeks for day in week if day["rows"]]


def month_of(text: str | None) -> date:
    """Return the first day of the month ``text`` names as 2026-11; this month for anything else."""
    try:
        first = datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return timezone.localdate().replace(day=1)
    return first if 2000 <= first.year <= 2100 else timezone.localdate().replace(day=1)


def month_bounds(first: date) -> tuple[datetime, datetime]:
    """Return the moments at which a month begins and the next one does."""
    zone = timezone.get_current_timezone()
    following = (first + timedelta(days=32)).replace(day=1)
    return datetime(first.year, first.month, 1, tzinfo=zone), datetime(following.year, following.month, 1, tzinfo=zone)


def month_build(first: date, rows: Iterable[tuple[date, object]]) -> Month:
    """Return a ``Month`` of (day, row) pairs."""
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
    """Return the ``Month`` of ``events`` by the day on which each begins."""
    begins, ends = month_bounds(first)
    rows = events.filter(starts_at__gte=begins, starts_at__lt=ends).order_by("starts_at", "pk")
    return month_build(first, [(timezone.localdate(row.starts_at), row) for row in rows[:500]])


def venue_month(venue: Venue, actor: Member, first: date) -> Month:
    """Return the ``Month`` of a venue: each event that holds it, with its title only where ``actor`` may see it."""
    begins, ends = month_bounds(first)
    held = MatchEvent.objects.filter(
        venue=venue, state__in=(*RESERVING, *PUBLIC_STATES), starts_at__lt=ends, ends_at__gt=begins
    )
    seen = set(held.visible_to(actor).values_list("pk", flat=True))
    rows = []
    for event in held.order_by("starts_at", "pk"):
        known = event.pk in seen
        row = {
            "title": event.title if known else _("Taken"),
            "url": event.get_absolute_url() if known else "",
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
        }
        day, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
        for _number in range(min((last - day).days, 40) + 1):
            rows.append((day, row))
            day += timedelta(days=1)
    return month_build(first, rows)


def venue_too_small(event: MatchEvent) -> bool:
    """Say whether the venue holds fewer people than the two lists have places."""
    return event.venue is not None and event.venue.capacity < event.men_quota + event.women_quota


def letters_to(participation: Participation) -> list[EventLetter]:
    """Return the letters of the organisers that are for her as she stands on the lists, the latest first."""
    wanted = [LetterTo.EVERYONE]
    wanted.append(LetterTo.CONFIRMED if participation.state == SignUpState.CONFIRMED else LetterTo.WAITING)
    return list(EventLetter.objects.filter(event_id=participation.offering_id, to__in=wanted)[:10])
