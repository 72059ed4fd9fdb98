"""Reads that span models: the figures of an event, her own choices, a matchmaker's people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from matchmaking import consents, keys
from matchmaking.choices.after import PairState
from matchmaking.choices.events import EventState, Pool
from matchmaking.models import Choice, EventMatchmaker, MatchEvent, Pair, Participation
from portal.core.errors import DomainError
from portal.members.models import Consent, Member
from portal.signups.choices import TOOK_PART, SignUpState

if TYPE_CHECKING:
    from matchmaking.querysets.events import (
        EventMatchmakerQuerySet,
        MatchEventQuerySet,
        PairQuerySet,
        ParticipationQuerySet,
    )

# Below this a number may point at a person.
FEW = 5


@dataclass(frozen=True)
class EventFigures:
    """What an event came to, counted from its rows. ``rate`` is 2 x pairs / people, None before the reveal."""

    men: int
    women: int
    waiting_men: int
    waiting_women: int
    offered: int
    units: int
    matchmakers: int
    choosers: int
    pairs: int
    people_in_pairs: int

    @property
    def people(self) -> int:
        return self.men + self.women

    @property
    def chosen(self) -> str:
        """How many have chosen, as far as it points at nobody; '' where it might."""
        return chosen_words(self.choosers, self.men, self.women)

    @property
    def rate(self) -> float | None:
        """Hand-holding rate in per cent: both of a pair count (86 pairs, 588 people: 29.25)."""
        return 200 * self.pairs / self.people if self.people else None


def chosen_words(choosers: int, men: int, women: int) -> str:
    """Return how many have chosen in steps of ``FEW``, so that at least as many more may have or may not; or ''.

    With fewer than that on one of the lists there is nothing: 12 of 20 are "at least 10", 20 of 20 "at least 15".
    """
    if min(men, women) < FEW:
        return ""
    least = min(choosers, men + women - FEW) // FEW * FEW
    words = _("at least %(count)s people") if least else _("fewer than %(count)s people")
    return words % {"count": least or FEW}


def event_figures(event: MatchEvent) -> EventFigures:
    """Count an event's rows."""
    counts = event.signups.aggregate(
        men=Count("pk", filter=Q(pool=Pool.MEN, state__in=TOOK_PART)),
        women=Count("pk", filter=Q(pool=Pool.WOMEN, state__in=TOOK_PART)),
        waiting_men=Count("pk", filter=Q(pool=Pool.MEN, state=SignUpState.WAITLISTED)),
        waiting_women=Count("pk", filter=Q(pool=Pool.WOMEN, state=SignUpState.WAITLISTED)),
        offered=Count("pk", filter=Q(state=SignUpState.OFFERED)),
        units=Count("member__organization", distinct=True, filter=Q(state__in=TOOK_PART)),
    )
    pairs = event.pairs.values_list("one_id", "two_id")
    return EventFigures(
        **counts,
        matchmakers=EventMatchmaker.objects.filter(event=event, valid_until=None).count(),
        choosers=Choice.objects.filter(round__event=event).values("chooser").distinct().count(),
        pairs=len(pairs),
        people_in_pairs=len({pk for pair in pairs for pk in pair}),
    )


def _counted(rows: ParticipationQuerySet | PairQuerySet, by: str) -> Coalesce:
    counts = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def with_counts(events: MatchEventQuerySet) -> MatchEventQuerySet:
    """Annotate events with ``people`` (confirmed participants) and ``pairs_made``."""
    confirmed = Participation.objects.counted().filter(offering=OuterRef("pk"))
    return events.annotate(
        people=_counted(confirmed, "offering"),
        pairs_made=_counted(Pair.objects.filter(event=OuterRef("pk")), "event"),
    )


def with_load(matchmakers: EventMatchmakerQuerySet) -> EventMatchmakerQuerySet:
    """Annotate matchmakers with ``load``: how many confirmed participants each accompanies."""
    own = Participation.objects.filter(matchmaker=OuterRef("pk"), state=SignUpState.CONFIRMED)
    return matchmakers.annotate(load=_counted(own, "matchmaker"))


def own_choices(participation: Participation) -> list[int]:
    """Return the ids of the participants she has chosen, the first choice first, by trying her candidates' tokens."""
    if participation.offering.state != EventState.CHOICE_OPEN:
        return []
    stored = {bytes(row.token): row.rank for row in Choice.objects.filter(chooser=participation)}
    if not stored:
        return []
    try:
        key = keys.key_read(participation.offering.round.pk)
    except DomainError:
        return []
    candidates = Participation.objects.candidates_of(participation).values_list("pk", flat=True)
    ranked = {}
    for other in candidates:
        rank = stored.get(keys.pair_token(key, participation.pk, other))
        if rank:
            ranked[rank] = other
    return [ranked[rank] for rank in sorted(ranked)]


def waiting_ahead(participation: Participation) -> int:
    """Return how many wait before her on her list."""
    return Participation.objects.filter(
        offering_id=participation.offering_id,
        pool=participation.pool,
        state=SignUpState.WAITLISTED,
        place__lt=participation.place,
    ).count()


def standing_consents() -> dict[str, QuerySet[Consent]]:
    """Return the standing consents by which a pair opens, for ``PairQuerySet.with_consents``."""
    standing = Consent.objects.standing()
    return {
        "contact": standing.filter(purpose=consents.PAIR_CONTACT.code),
        "matchmaker": standing.filter(purpose=consents.PAIR_MATCHMAKER.code),
    }


@dataclass(frozen=True)
class PairView:
    """A pair as one of the two sees it: the other's card, and name and phone once both agreed."""

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
    """Return her pairs as PairViews, the latest first."""
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
    """A pair as a matchmaker sees it: cards, and of each who let her know, name and phone."""

    pair: Pair
    people: tuple[tuple[Participation, str, str], ...]


def caseload_pairs(member: Member) -> list[CaseloadPair]:
    """Return pairs in which a person of her caseload let her matchmaker know; names of those alone who did so."""
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
