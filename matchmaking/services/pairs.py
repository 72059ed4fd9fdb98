"""Services for pairs: what each says about the pair, what they consent to, and ending follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.pairs import SETTLED_PAIRS, STAGES, PairState
from matchmaking.models import Block, Pair
from matchmaking.promises import PAIR_QUIET
from matchmaking.services.ending import CLOCK, SETTLED, follow_ups_stop, pair_close
from matchmaking.services.promises import keeps
from matchmaking.services.standing import settled
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.models import Consent, Member
from portal.members.services.consents import consent_give, consent_withdraw
from portal.messaging.services.messages import messages_post
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from datetime import date

    from portal.members.models import Member


@transaction.atomic
def pair_say(*, pair: Pair, actor: Member, says: str, on: date | None = None) -> Pair:
    """Store what ``actor`` says about the pair; its stage changes once both say the same.

    A marriage counts once both name the same day. People who are engaged or married by this are no longer single here.
    One of the two alone can end a pair: then both columns say so, and nobody is told.
    """
    side = _side_of(pair, actor)
    held = locks.hold(pair)
    if held.state in SETTLED or Block.objects.between(held.one.member_id, held.two.member_id).exists():
        raise DomainError(_("The result is already recorded; nothing more is needed."), code="settled")
    if says == PairState.ENDED:
        pair_close(held)
        held.refresh_from_db()
        return held
    if says not in STAGES or STAGES.index(says) < STAGES.index(held.state):
        raise DomainError(_("You have both already confirmed a later stage."), code="no-way-back")
    if says == PairState.REGISTERED:
        _check_day(held, on)
    changes = {f"{side}_says": says, f"{side}_registered_on": on if says == PairState.REGISTERED else None}
    for name, value in changes.items():
        setattr(held, name, value)
    held.save(update_fields=list(changes))
    return _go_on(held)


def _side_of(pair: Pair, actor: Member) -> str:
    if actor.pk not in {pair.one.member_id, pair.two.member_id}:
        raise DomainError(_("You cannot decide this."), code="not-yours")
    return pair.side(actor)


def _check_day(pair: Pair, on: date | None) -> None:
    if on is None:
        raise DomainError(_("Please enter the day on which your marriage was registered."), code="day-missing")
    if not pair.held_on <= on <= timezone.localdate():
        raise DomainError(_("The day must be between the day of your mutual choice and today."), code="day-impossible")


def same_stage(one: str, two: str) -> str | None:
    """Return the stage that both say they are at, or None while they say different things.

    Returning the lesser of two stages would tell the one who claims more that the other has said less.
    """
    return one if one == two and one in STAGES else None


def _go_on(held: Pair) -> Pair:
    stage = same_stage(held.one_says, held.two_says)
    changes: dict[str, Any] = {}
    if stage == PairState.REGISTERED:
        if held.one_registered_on == held.two_registered_on:
            changes = {"registered_on": held.one_registered_on}
        else:
            stage = PairState.ENGAGED
            _tell_both(held, "matchmaking.pair_dates")
    if stage is None or STAGES.index(stage) <= STAGES.index(held.state):
        return held
    held = advance(held, stage, actor=CLOCK, **changes)
    if stage == PairState.REGISTERED:
        follow_ups_stop(held)
        touch(held._meta.label_lower, held.event.organization_id, held.registered_on, held.registered_on)
    _tell_both(held, "matchmaking.pair_registered" if stage == PairState.REGISTERED else "matchmaking.pair_together")
    if stage in SETTLED_PAIRS:
        settled(members=[held.one.member, held.two.member])
    return held


def _tell_both(pair: Pair, kind: str) -> None:
    messages_post(
        kind=kind,
        recipients=[(row.member, {"title": pair.event.title}) for row in (pair.one, pair.two)],
        about=pair,
        url=reverse("matchmaking:pair-detail", args=[pair.pk]),
    )


def _stop_follow_ups(wish: Quiet) -> None:
    held = wish.pair
    if not held.quiet:
        held.quiet = True
        held.save(update_fields=["quiet"])
        audit_record(actor=CLOCK, action="pair.quiet", about=held, fields=["quiet"])
    follow_ups_stop(held)


def _keep_whose(wish: Quiet) -> None:
    """Store which of the two sees the wish on their page: the other person's page stays as it was."""
    name = f"{wish.side}_quiet"
    setattr(wish.pair, name, True)
    wish.pair.save(update_fields=[name])


@dataclass
class Quiet:
    """A wish for no more follow-ups: the locked pair, and the side of the person who wishes it."""

    pair: Pair
    side: str


_quiet = keeps(PAIR_QUIET, {"pair-follow-ups": _stop_follow_ups, "quiet-untold": _keep_whose})


@transaction.atomic
def pair_quiet(*, pair: Pair, actor: Member) -> Pair:
    """Close all follow-ups because one of the two wants none.

    Nobody is told, and no entry says which of the two it was.
    """
    side = _side_of(pair, actor)
    held = locks.hold(pair)
    _quiet(Quiet(held, side))
    return held


@transaction.atomic
def erase_pairs(member: Member) -> int:
    """Erase what ``member`` said about their pairs, close the follow-ups and empty the notes on them.

    The pairs stay without a name, because figures count them. Returns how many pairs the member was in.
    """
    pairs = locks.hold_all(Pair.objects.all().of(member))
    for held in pairs:
        side = held.side(member)
        if held.state not in SETTLED:
            setattr(held, f"{side}_says", held.state)
            setattr(held, f"{side}_registered_on", None)
        held.quiet = True
        setattr(held, f"{side}_quiet", True)
        held.save(update_fields=[f"{side}_says", f"{side}_registered_on", "quiet", f"{side}_quiet"])
        follow_ups_stop(held)
        for row in held.follow_ups.filter(state=FollowUpState.DONE):
            row.words = ""
            row.save(update_fields=["words"])
    return len(pairs)


@transaction.atomic
def pair_set(*, pair: Pair, actor: Member, contact: bool, matchmaker: bool) -> None:
    """Set a member's consents: to pass on contact data, and separately to inform the matchmaker.

    Withdrawing is the same action as giving; nobody is told. When the second of the two agrees to pass on contact data,
    both are notified.
    """
    if actor.pk not in {pair.one.member_id, pair.two.member_id}:
        raise DomainError(_("You cannot decide this."), code="not-yours")
    held = locks.hold(pair)
    if held.is_over or Block.objects.between(held.one.member_id, held.two.member_id).exists():
        raise DomainError(_("This pair has ended."), code="over")
    open_before = _both_agreed(pair)
    for purpose, wanted in ((consents.PAIR_CONTACT, contact), (consents.PAIR_MATCHMAKER, matchmaker)):
        change = consent_give if wanted else consent_withdraw
        change(member=actor, purpose=purpose, about_id=pair.pk)
    if not open_before and _both_agreed(pair):
        messages_post(
            kind="matchmaking.pair_open",
            recipients=[(row.member, {"title": pair.event.title}) for row in (pair.one, pair.two)],
            about=pair,
            url=reverse("matchmaking:pair-detail", args=[pair.pk]),
        )


def _both_agreed(pair: Pair) -> bool:
    standing = Consent.objects.standing().filter(purpose=consents.PAIR_CONTACT.code, about_id=pair.pk)
    return standing.filter(member__in=[pair.one.member_id, pair.two.member_id]).count() == 2
