"""Selectors for demands for events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import PUBLIC_STATES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.demands import DemandQuerySet


@dataclass(frozen=True)
class ThemeDemand:
    """The open demands under one theme, and the number of people behind them."""

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
    """Return (met, asked): demands whose event was published, and all that were not withdrawn."""
    counts = demands.exclude(state=DemandState.WITHDRAWN).aggregate(
        asked=Count("pk"), met=Count("pk", filter=Q(state=DemandState.PLANNED, event__state__in=PUBLIC_STATES))
    )
    return counts["met"], counts["asked"]
