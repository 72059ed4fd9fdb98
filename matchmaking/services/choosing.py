"""Services for the choice round: secret choices, the reveal and the keys of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import keys
from matchmaking.choices.events import EventState
from matchmaking.models import Block, Choice, ChoiceRound, MatchEvent, Pair, Participation
from matchmaking.services.follow_ups import follow_ups_open
from matchmaking.services.standing import event_signups_end
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.models import Member
from portal.messaging.services.messages import messages_post
from portal.messaging.services.touching import touches_post
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matchmaking.querysets.participations import ParticipationQuerySet

ORPHAN_SECONDS = 3600


@transaction.atomic
def event_open_choice(*, event: MatchEvent, actor: Member | Clock) -> MatchEvent:
    """Open the choice round: create its key and notify every confirmed participant."""
    event_signups_end(event=event)
    event = advance(event, EventState.CHOICE_OPEN, actor=actor)
    opened = ChoiceRound.objects.create(event=event)
    keys.key_create(opened.pk)
    messages_post(
        kind="matchmaking.choice_open",
        recipients=[(row.member, {"title": event.title}) for row in _confirmed(event)],
        about=event,
        url=event.get_member_url(),
    )
    return event


def _confirmed(event: MatchEvent) -> ParticipationQuerySet:
    return event.signups.filter(state=SignUpState.CONFIRMED).select_related("member").order_by("place")


@transaction.atomic
def choices_set(*, participation: Participation, chosen: Sequence[int], actor: Member) -> int:
    """Replace the choices of one participant by ``chosen``; return how many there are.

    ``chosen`` holds ids of participants of the other list, the first choice first. Only the participant may choose.
    What was chosen is written to no audit entry, log or message.
    """
    if participation.member_id != actor.pk:
        raise DomainError(_("Only you yourself can choose."), code="not-yours")
    event = locks.hold(participation.offering)
    row = locks.hold(participation)
    if event.state != EventState.CHOICE_OPEN or timezone.now() >= event.choice_closes_at:
        raise DomainError(_("The choice round is not open."), code="round-closed")
    if row.state != SignUpState.CONFIRMED:
        raise DomainError(_("Only confirmed participants can choose."), code="not-confirmed")
    refusal = event.standing_refusal(actor)
    if refusal:
        raise DomainError(refusal, code="no-standing")
    if row.consent_version != event.consent_version:
        raise DomainError(_("The purpose of the event has changed: please agree again first."), code="agree-anew")
    if len(set(chosen)) != len(chosen) or len(chosen) > event.choices_per_person:
        raise DomainError(
            _("Choose at most %(count)s different people.") % {"count": event.choices_per_person}, code="too-many"
        )
    candidates = set(Participation.objects.candidates_of(row).filter(pk__in=chosen).values_list("pk", flat=True))
    if candidates != set(chosen):
        raise DomainError(_("Someone you chose is no longer on the list. Please check the list again."), code="left")
    key = keys.key_read(event.round.pk)
    Choice.objects.filter(round=event.round, chooser=row).delete()
    Choice.objects.bulk_create(
        Choice(round=event.round, chooser=row, rank=rank, token=keys.pair_token(key, row.pk, other))
        for rank, other in enumerate(chosen, start=1)
    )
    return len(chosen)


@transaction.atomic
def event_reveal(*, event: MatchEvent, actor: Member | Clock) -> MatchEvent:
    """Find mutual choices, create the pairs, notify everyone once, and destroy choices and key.

    A mutual choice is one token from two choosers: one GROUP BY finds them, without the key. Two people of whom one has
    since blocked the other are no pair. The key file is deleted after the commit; one that a crash left behind is
    deleted by ``keys_sweep``, when no choice is left that it could open. Participants whose standing has ended by now
    are left out.
    """
    event_signups_end(event=event)
    event = advance(event, EventState.REVEALED, actor=actor)
    opened = locks.hold(event.round)
    standing = opened.choices.filter(chooser__state=SignUpState.CONFIRMED)
    mutual = standing.values("token").annotate(choosers=Count("chooser", distinct=True)).filter(choosers=2)
    tokens = [bytes(row["token"]) for row in mutual]
    sides: dict[bytes, list[int]] = {}
    members: dict[int, int] = {}
    rows = standing.filter(token__in=tokens).order_by("chooser_id")
    for token, chooser, member in rows.values_list("token", "chooser_id", "chooser__member_id"):
        sides.setdefault(bytes(token), []).append(chooser)
        members[chooser] = member
    apart = Block.objects.apart(members.values())
    sides = {token: pair for token, pair in sides.items() if frozenset(members[pk] for pk in pair) not in apart}
    today = timezone.localdate()
    pairs = Pair.objects.bulk_create(
        Pair(event=event, one_id=low, two_id=high, held_on=today) for low, high in sorted(sides.values())
    )
    figures_touch(event)
    follow_ups_open(pairs=pairs, held_on=today)
    opened.choices.all().delete()
    opened.revealed_at = timezone.now()
    opened.save(update_fields=["revealed_at"])
    matches: dict[int, int] = {}
    for pair in sides.values():
        for chooser in pair:
            matches[chooser] = matches.get(chooser, 0) + 1
    for kind, told in (
        ("matchmaking.reveal_match", [row for row in _confirmed(event) if row.pk in matches]),
        ("matchmaking.reveal_none", [row for row in _confirmed(event) if row.pk not in matches]),
    ):
        messages_post(
            kind=kind,
            recipients=[(row.member, {"title": event.title, "matches": matches.get(row.pk, 0)}) for row in told],
            about=event,
            url=event.get_member_url(),
        )
    audit_record(actor=actor, action="event.reveal", about=event, data={"pairs": len(sides)})
    transaction.on_commit(lambda: keys.key_destroy(opened.pk), robust=True)
    return event


def figures_touch(event: MatchEvent) -> None:
    """Note changed figures after a reveal: of the event, its partners and the units of its pairs."""
    pairs = Pair.objects.filter(event=event)
    days = set(pairs.values_list("event__organization", "held_on"))
    for side in ("one", "two"):
        days |= set(pairs.values_list(f"{side}__unit", "held_on"))
    partners = event.partners.exclude(organization=None).values_list("organization", flat=True)
    starts = event.starts_at
    touches_post(
        [
            (event._meta.label_lower, event.organization_id, starts, starts),
            *((event._meta.label_lower, unit, starts, starts) for unit in partners),
            *((Pair._meta.label_lower, unit, day, day) for unit, day in days),
        ]
    )


def keys_sweep() -> int:
    """Destroy keys of revealed rounds and of openings that were rolled back; return how many.

    A key whose round is not in the database may belong to an opening that has not committed yet, so it is kept for an
    hour.
    """
    kept = keys.kept_rounds()
    revealed = dict(ChoiceRound.objects.filter(pk__in=kept).values_list("pk", "revealed_at"))
    gone = [pk for pk, age in kept.items() if (revealed[pk] is not None if pk in revealed else age > ORPHAN_SECONDS)]
    for pk in gone:
        keys.key_destroy(pk)
    return len(gone)
