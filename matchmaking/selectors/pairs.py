"""Pairs after the reveal: how far they are, and where their people live."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from matchmaking.choices.after import FollowUpState, PairState
from matchmaking.models import FollowUp, MatchEvent, Pair
from portal.core.querysets import within
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Collection

    from matchmaking.querysets.after import FollowUpQuerySet
    from matchmaking.querysets.events import PairQuerySet

# Levels at which couples are counted by where their people belong; below them a count would point at people.
COUNTED_LEVELS = (OrganizationKind.PROVINCE, OrganizationKind.CITY, OrganizationKind.COUNTY)
# An end is not counted apart: one of the two may have ended it alone, by a block that nobody else hears of.
STATES = tuple(state for state in PairState if state != PairState.ENDED)


@dataclass(frozen=True)
class Stages:
    """How many pairs stand at each stage now."""

    dating: int
    engaged: int
    registered: int


def pair_stages(event: MatchEvent) -> Stages:
    """Count the pairs of an event by their stage; an end is not counted apart, as in ``STATES``."""
    names = (PairState.DATING, PairState.ENGAGED, PairState.REGISTERED)
    return Stages(**event.pairs.aggregate(**{name.value: Count("pk", filter=Q(state=name)) for name in names}))


def _counted(rows: FollowUpQuerySet) -> Coalesce:
    counts = rows.order_by().values("pair").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def with_follow_ups(pairs: PairQuerySet) -> PairQuerySet:
    """Annotate pairs with ``calls_done`` and ``calls``: follow-ups that were made, and those made or still due."""
    rows = FollowUp.objects.filter(pair=OuterRef("pk"))
    return pairs.annotate(
        calls_done=_counted(rows.filter(state=FollowUpState.DONE)),
        calls=_counted(rows.exclude(state=FollowUpState.STOPPED)),
    )


@dataclass(frozen=True)
class PartnersHere:
    """Couples with at least one partner at or below ``organization``: a count of couples, by their stage.

    A couple from two cities stands in both rows and once in their province; rows are never added up.
    """

    organization: Organization
    couples: int
    by_state: dict[PairState, int]


def partners_here(paths: Collection[str]) -> list[PartnersHere]:
    """Return a PartnersHere for each province, city and county within ``paths`` that has any couple, by tree."""
    inside = within(paths, "path")
    if inside is None:
        return []
    places = Organization.objects.filter(inside, kind__in=COUNTED_LEVELS, closed_on=None).order_by("path")
    by_path = {place.path: place for place in places}
    lives_here = Q()
    for side in ("one", "two"):
        lives_here |= within(paths, f"{side}__member__organization__path") or Q()
    homes = {f"home_{side}": _down_to_county(f"{side}__member__organization__path") for side in ("one", "two")}
    rows = Pair.objects.filter(lives_here).order_by().annotate(**homes).values("state", *homes)
    counts: Counter[tuple[str, str]] = Counter()
    for state, *places, couples in rows.annotate(n=Count("pk")).values_list("state", *homes, "n"):
        for path in {above for home in places if home for above in _line(home)} & by_path.keys():
            counts[path, PairState.HAND_HOLDING if state == PairState.ENDED else state] += couples
    found = []
    for path, place in by_path.items():
        by_state: dict[PairState, int] = {state: counts[path, state] for state in STATES}
        if any(by_state.values()):
            found.append(PartnersHere(place, sum(by_state.values()), by_state))
    return found


def _down_to_county(lookup: str) -> Func:
    """Return the part of a path that names the province, the city and the county."""
    return Func(F(lookup), Value(f"^(?:/[0-9]+){{1,{len(COUNTED_LEVELS)}}}/"), function="substring")


def _line(path: str) -> list[str]:
    """Return ``path`` and the paths above it: /1/14/203/ gives itself, /1/14/ and /1/."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]
