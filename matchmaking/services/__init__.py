"""Every write of matchmaking: events, sign-ups, matchmakers, choices and the reveal."""

from matchmaking.services.choosing import (
    choices_set,
    event_open_choice,
    event_reveal,
    keys_sweep,
    pair_set,
)
from matchmaking.services.events import (
    event_approve,
    event_begin,
    event_cancel,
    event_close,
    event_close_sign_up,
    event_create,
    event_publish,
    event_report,
    event_return,
    event_shortlist,
    event_submit,
    event_update,
    events_keep_time,
)
from matchmaking.services.matchmakers import matchmakers_assign, matchmakers_set
from matchmaking.services.signing_up import event_join, event_leave, offer_accept, offers_expire

__all__ = [
    "choices_set",
    "event_approve",
    "event_begin",
    "event_cancel",
    "event_close",
    "event_close_sign_up",
    "event_create",
    "event_join",
    "event_leave",
    "event_open_choice",
    "event_publish",
    "event_report",
    "event_return",
    "event_reveal",
    "event_shortlist",
    "event_submit",
    "event_update",
    "events_keep_time",
    "keys_sweep",
    "matchmakers_assign",
    "matchmakers_set",
    "offer_accept",
    "offers_expire",
    "pair_set",
]
