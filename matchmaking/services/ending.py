"""Services to end a pair: afterwards no page shows either person anything of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from matchmaking import consents
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.pairs import PairState
from matchmaking.promises import PAIR_END
from matchmaking.services.promises import by_silence, keeps
from portal.audit.gate import Clock, advance
from portal.core import locks
from portal.members.models import Consent

if TYPE_CHECKING:
    from matchmaking.models import Pair

CLOCK = Clock("matchmaking.pair")
SETTLED = (PairState.REGISTERED, PairState.ENDED)
AGREEMENTS = (consents.PAIR_CONTACT.code, consents.PAIR_MATCHMAKER.code)


def follow_ups_stop(pair: Pair) -> int:
    """Stop every due follow-up of a locked pair; return how many."""
    due = locks.hold_all(pair.follow_ups.filter(state=FollowUpState.DUE))
    for row in due:
        advance(row, FollowUpState.STOPPED, actor=CLOCK)
    return len(due)


def _end(pair: Pair) -> None:
    """End the pair in both columns alike, so that no row says who ended it; a marriage stays unchanged."""
    if pair.state in SETTLED:
        return
    silence: dict[str, Any] = {"one_says": PairState.ENDED, "two_says": PairState.ENDED}
    silence |= {"one_registered_on": None, "two_registered_on": None}
    advance(pair, PairState.ENDED, actor=CLOCK, ended_on=timezone.localdate(), **silence)


def _take_agreements_back(pair: Pair) -> None:
    """Withdraw the consents of both people about this pair; no entry says who ended it."""
    given = Consent.objects.standing().filter(purpose__in=AGREEMENTS, about_id=pair.pk)
    given.update(withdrawn_at=timezone.now())


# Each view of the card checks ``Pair.is_over`` and the blocks, so ending the pair is what hides the card.
pair_close = keeps(
    PAIR_END,
    {
        "pair-card": _end,
        "pair-agreements": _take_agreements_back,
        "pair-follow-ups": follow_ups_stop,
        "nobody-told": by_silence,
    },
)
