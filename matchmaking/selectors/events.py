"""Selectors for events: figures, counts and the load of matchmakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from matchmaking.choices.events import Pool
from matchmaking.models import Choice, EventMatchmaker, MatchEvent, Pair, Participation
from portal.signups.choices import TOOK_PART, SignUpState

if TYPE_CHECKING:
    from matchmaking.querysets.events import MatchEventQuerySet
    from matchmaking.querysets.matchmakers import EventMatchmakerQuerySet
    from matchmaking.querysets.pairs import PairQuerySet
    from matchmaking.querysets.participations import ParticipationQuerySet

# A count below this number could identify a person.
FEW = 5


@dataclass(frozen=True)
class EventFigures:
    """The results of an event, counted from its rows.

    ``rate`` counts both people of each pair, and is None while there are no participants.
    """

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
        """How many have chosen, in words; '' where the figure could identify a person."""
        return chosen_words(self.choosers, self.men, self.women)

    @property
    def rate(self) -> float | None:
        """Mutual choice rate in per cent; both people of a pair count (86 pairs, 588 people: 29.25)."""
        return 200 * self.pairs / self.people if self.people else None


def chosen_words(choosers: int, men: int, women: int) -> str:
    """Return in words how many have chosen, in steps of ``FEW``, or ''.

    The words leave open for at least ``FEW`` people whether they have chosen: 12 of 20 are "at least 10", 20 of 20 "at
    least 15". With fewer than ``FEW`` people on one of the lists the result is ''.
    """
    if min(men, women) < FEW:
        return ""
    least = min(choosers, men + women - FEW) // FEW * FEW
    words = _("at least %(count)s people") if least else _("fewer than %(count)s people")
    return words % {"count": least or FEW}


def event_figures(event: MatchEvent) -> EventFigures:
    """Return the figures of ``event``, counted from its rows."""
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
    """Annotate matchmakers with ``load``: how many confirmed participants each looks after."""
    own = Participation.objects.filter(matchmaker=OuterRef("pk"), state=SignUpState.CONFIRMED)
    return matchmakers.annotate(load=_counted(own, "matchmaker"))
