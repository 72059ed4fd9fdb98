"""Selectors for pairs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.pairs import PairState
from matchmaking.models import EventMatchmaker, FollowUp, MatchEvent, Pair, Participation
from matchmaking.selectors.participations import standing_consents
from portal.core.querysets import within
from portal.members.models import Member
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Collection

    from matchmaking.querysets.follow_ups import FollowUpQuerySet
    from matchmaking.querysets.pairs import PairQuerySet

# Levels for which couples are counted by their members' organisations; a count below these levels could identify
# people.
COUNTED_LEVELS = (OrganizationKind.PROVINCE, OrganizationKind.CITY, OrganizationKind.COUNTY)
# Ended pairs are not counted separately: one of the two may have ended the pair alone, by a block that nobody else
# knows of.
STATES = tuple(state for state in PairState if state != PairState.ENDED)


@dataclass(frozen=True)
class Stages:
    """How many pairs are at each stage now."""

    dating: int
    engaged: int
    registered: int


def pair_stages(event: MatchEvent) -> Stages:
    """Count the pairs of an event by stage; ended pairs have no count of their own, as in ``STATES``."""
    names = (PairState.DATING, PairState.ENGAGED, PairState.REGISTERED)
    return Stages(**event.pairs.aggregate(**{name.value: Count("pk", filter=Q(state=name)) for name in names}))


def _counted(rows: FollowUpQuerySet) -> Coalesce:
    counts = rows.order_by().values("pair").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def with_follow_ups(pairs: PairQuerySet) -> PairQuerySet:
    """Annotate pairs with ``calls_done`` and ``calls``: follow-ups done, and those done or still due."""
    rows = FollowUp.objects.filter(pair=OuterRef("pk"))
    return pairs.annotate(
        calls_done=_counted(rows.filter(state=FollowUpState.DONE)),
        calls=_counted(rows.exclude(state=FollowUpState.STOPPED)),
    )


@dataclass(frozen=True)
class PartnersHere:
    """The number of couples with at least one partner at or below ``organization``, by stage.

    A couple from two cities counts in both of their rows and once in their province; rows are never added up.
    """

    organization: Organization
    couples: int
    by_state: dict[PairState, int]


def partners_here(paths: Collection[str]) -> list[PartnersHere]:
    """Return a ``PartnersHere`` for each province, city and county within ``paths`` that has a couple.

    The rows are in the order of the tree.
    """
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


@dataclass(frozen=True)
class PairView:
    """A pair as one of the two sees it: the other person's card, and name and phone once both agreed."""

    pair: Pair
    other: Participation
    i_agreed: bool
    matchmaker_knows: bool
    name: str
    phone: str
    over: bool

    @property
    def open(self) -> bool:
        return bool(self.name)

    @property
    def line(self) -> str:
        return "" if self.over else self.other.line

    @property
    def has_photo(self) -> bool:
        return not self.over and self.other.photo_id is not None


def pairs_of(member: Member, event: MatchEvent | None = None) -> list[PairView]:
    """Return the member's pairs as ``PairView`` objects, the latest first."""
    rows = (
        Pair.objects.of(member)
        .with_consents(standing_consents())
        .with_apart()
        .select_related("event", "one__member", "two__member", "one__photo", "two__photo")
    )
    if event is not None:
        rows = rows.filter(event=event)
    return [pair_view(row, member) for row in rows.order_by("-id")]


def pair_view(pair: Pair, member: Member) -> PairView:
    """Return one annotated pair as ``member`` sees it."""
    mine, other = pair.side(member), pair.other(member)
    over = pair.is_over or pair.apart
    both = pair.one_contact and pair.two_contact and not over
    return PairView(
        pair=pair,
        other=other,
        i_agreed=getattr(pair, f"{mine}_contact"),
        matchmaker_knows=getattr(pair, f"{mine}_matchmaker"),
        name=other.member.name if both else "",
        phone=other.member.sms_number() if both else "",
        over=over,
    )


@dataclass(frozen=True)
class CaseloadPair:
    """A pair as a matchmaker sees it.

    It shows the cards, and the name and phone of each person who agreed to inform the matchmaker.
    """

    pair: Pair
    people: tuple[tuple[Participation, str, str], ...]


def caseload_pairs(member: Member) -> list[CaseloadPair]:
    """Return pairs in which a participant in the member's care agreed to inform the matchmaker.

    Only the people who agreed are shown by name.
    """
    assigned = list(EventMatchmaker.objects.of(member))
    people = Participation.objects.filter(matchmaker__in=assigned).values("pk")
    mine = Q(one__in=people) | Q(two__in=people)
    rows = (
        Pair.objects.filter(mine)
        .exclude(state=PairState.ENDED)
        .not_apart()
        .with_consents(standing_consents())
        .select_related("event", "one__member", "two__member", "one__matchmaker", "two__matchmaker")
    )
    found = []
    for pair in rows.order_by("-id"):
        two: list[tuple[Participation, str, str]] = []
        for side in ("one", "two"):
            row = getattr(pair, side)
            told = getattr(pair, f"{side}_matchmaker") and row.matchmaker and row.matchmaker.member_id == member.pk
            two.append((row, row.member.name if told else "", row.member.sms_number() if told else ""))
        if any(name for _row, name, _phone in two):
            found.append(CaseloadPair(pair, tuple(two)))
    return found
