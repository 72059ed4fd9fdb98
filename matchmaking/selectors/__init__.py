"""Reads of matchmaking that span models."""

from matchmaking.selectors.events import (
    CaseloadPair,
    EventFigures,
    PairView,
    caseload_pairs,
    event_figures,
    own_choices,
    pair_view,
    pairs_of,
    standing_consents,
    waiting_ahead,
    with_counts,
    with_load,
)

__all__ = [
    "CaseloadPair",
    "EventFigures",
    "PairView",
    "caseload_pairs",
    "event_figures",
    "own_choices",
    "pair_view",
    "pairs_of",
    "standing_consents",
    "waiting_ahead",
    "with_counts",
    "with_load",
]
