"""Selectors for follow-ups, as the members who make them see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone

from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.models import EventMatchmaker, FollowUp, Pair, Participation
from matchmaking.selectors.participations import standing_consents
from portal.core.choices import Area, Capability

if TYPE_CHECKING:
    from matchmaking.querysets.follow_ups import FollowUpQuerySet
    from portal.members.models import Member


@dataclass(frozen=True)
class Half:
    """One of the two people of a pair.

    ``name`` and ``phone`` are filled only for this person's own matchmaker, and only where both people agreed.
    """

    row: Participation
    matchmaker: str
    name: str
    phone: str


def halves(pair: Pair, reader: Member) -> list[Half]:
    """Return the two people of ``pair`` as ``reader`` may see them.

    The consent to inform the matchmaker covers name and number. So only the matchmaker gets them, and only once both
    people of the pair have given it. ``pair`` must be annotated by ``with_consents``.
    """
    assigned = set(EventMatchmaker.objects.all().of(reader).values_list("pk", flat=True))
    both = pair.one_matchmaker and pair.two_matchmaker and not (pair.is_over or pair.apart)
    found = []
    for row in (pair.one, pair.two):
        told = both and row.matchmaker_id in assigned
        helper = row.matchmaker.member.name if row.matchmaker else ""
        found.append(Half(row, helper, row.member.name if told else "", row.member.sms_number() if told else ""))
    return found


def pair_for_follow_up(follow_up: FollowUp) -> Pair:
    """Return the pair of a follow-up, annotated with its consents and number for display."""
    pairs = (
        type(follow_up.pair)
        .objects.filter(pk=follow_up.pair_id)
        .with_consents(standing_consents())
        .with_apart()
        .numbered()
    )
    people = ("one__member", "two__member", "one__matchmaker__member", "two__matchmaker__member")
    return pairs.select_related("event__organization", *people).get()


def reads_words(follow_up: FollowUp, reader: Member) -> bool:
    """Return whether ``reader`` may read the note: its author and the editors of the event may."""
    path = follow_up.pair.event.organization.path
    return follow_up.done_by_id == reader.pk or reader.can(Area.MATCHMAKING, Capability.EDIT, path)


def caseload_follow_ups(member: Member) -> FollowUpQuerySet:
    """Return due follow-ups of pairs with a participant in the care of ``member``, the earliest first."""
    rows = FollowUp.objects.visible_to(member).due().for_list()
    assigned = EventMatchmaker.objects.all().of(member).values("pk")
    own = rows.filter(pair__one__matchmaker__in=assigned) | rows.filter(pair__two__matchmaker__in=assigned)
    return own.order_by("due_on", "pk")[:100]


@dataclass(frozen=True)
class Overdue:
    """How many follow-ups of one organisation's events are overdue."""

    name: str
    count: int


def overdue_by_place(actor: Member, *, path: str = "") -> list[Overdue]:
    """Return the organisations in the actor's reach with overdue follow-ups, the most first.

    Only counts are returned, no pairs.
    """
    rows = FollowUp.objects.reached_by(actor, Capability.VIEW).below(path).overdue(timezone.localdate())
    counts = rows.order_by().values("pair__event__organization__name").annotate(n=Count("pk")).order_by("-n")[:5]
    return [Overdue(row["pair__event__organization__name"], row["n"]) for row in counts]


def completion(rows: FollowUpQuerySet) -> tuple[int, int]:
    """Return (done, due by now) of follow-ups; done and stopped ones are never overdue.

    The second number counts follow-ups that are done or overdue.
    """
    today = timezone.localdate()
    done = rows.filter(state=FollowUpState.DONE).count()
    return done, done + rows.overdue(today).count()
