"""Selectors for budgets and costs of events."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear

from matchmaking.choices.budgets import CostKind
from matchmaking.choices.events import EventState
from matchmaking.models import EventBudget, EventCost, MatchEvent

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.budgets import BudgetQuerySet
    from matchmaking.querysets.events import OfEventQuerySet
    from portal.organizations.models import Organization

AMOUNT = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Decimal(0)


def _standing(costs: OfEventQuerySet[EventCost]) -> OfEventQuerySet[EventCost]:
    """Return ``costs`` without those of cancelled events on which nothing was spent."""
    return costs.exclude(event__state=EventState.CANCELLED, spent=None)


def with_costs(budgets: BudgetQuerySet) -> BudgetQuerySet:
    """Annotate budgets with ``costs_planned``, ``costs_spent`` and ``rest``.

    ``rest`` is the amount of the budget less what was spent. A cost without a spent amount is deducted with its planned
    amount.
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
    """One line of a budget: its purpose, the planned and the spent amount."""

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
    """Return the costs of a budget by event, the latest event first."""
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
    """Budgets and spending in one year of an organisation directly below, with everything under it."""

    name: str
    budgets: int
    planned: Decimal
    spent: Decimal


def budget_levels(budget: EventBudget) -> list[Level]:
    """Return the organisations directly below that of ``budget``, each with everything under it.

    They are sorted by the planned amount, the largest first, then by name.
    """
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
