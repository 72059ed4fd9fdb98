"""Follow-ups as those read them who make them."""

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
    """One of the two of a pair; ``name`` and ``phone`` for her own matchmaker alone, and only where both agreed."""

    row: Participation
    matchmaker: str
    name: str
    phone: str


def halves(pair: Pair, reader: Member) -> list[Half]:
    """Return the two of ``pair`` as ``reader`` may see them.

    Name and number are passed on by the agreement to let the matchmaker know, so to the matchmaker alone; and only
    once both of the pair have given it. ``pair`` is annotated by ``with_consents``.
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
    """Return the pair of a follow-up with consents and number, ready to be shown."""
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
    """Whether she reads the note: who wrote it, and who edits the event."""
    path = follow_up.pair.event.organization.path
    return follow_up.done_by_id == reader.pk or reader.can(Area.MATCHMAKING, Capability.EDIT, path)


def caseload_follow_ups(member: Member) -> FollowUpQuerySet:
    """Return the follow-ups still due of pairs with a person of her caseload, the first due first."""
    rows = FollowUp.objects.visible_to(member).due().for_list()
    assigned = EventMatchmaker.objects.all().of(member).values("pk")
    own = rows.filter(pair__one__matchmaker__in=assigned) | rows.filter(pair__two__matchmaker__in=assigned)
    return own.order_by("due_on", "pk")[:100]


@dataclass(frozen=True)
class Overdue:
    """How many follow-ups of one organisation's events are overdue, and since when."""

    name: str
    count: int


def overdue_by_place(actor: Member, *, path: str = "") -> list[Overdue]:
    """Return the organisations whose follow-ups are overdue, within her reach, the most first: counts, no pairs."""
    rows = FollowUp.objects.reached_by(actor, Capability.VIEW).below(path).overdue(timezone.localdate())
    counts = rows.order_by().values("pair__event__organization__name").annotate(n=Count("pk")).order_by("-n")[:5]
    return [Overdue(row["pair__event__organization__name"], row["n"]) for row in counts]


def completion(rows: FollowUpQuerySet) -> tuple[int, int]:
    """Return (done, due by now) of follow-ups: those done or stopped are not overdue."""
    today = timezone.localdate()
    done = rows.filter(state=FollowUpState.DONE).count()
    return done, done + rows.overdue(today).count()
