"""Reads of matchmaking that span models."""

from matchmaking.selectors.events import (
    CaseloadPair,
    EventFigures,
    PairView,
    YearFigures,
    caseload_pairs,
    event_figures,
    own_choices,
    pair_view,
    pairs_of,
    standing_consents,
    waiting_ahead,
    with_counts,
    with_load,
    year_figures,
)
from matchmaking.selectors.on_the_day import (
    Attendance,
    TableNow,
    attendance,
    seats_by_table,
    seats_of_round,
    table_now,
)

__all__ = [
    "Attendance",
    "CaseloadPair",
    "EventFigures",
    "PairView",
    "TableNow",
    "YearFigures",
    "attendance",
    "caseload_pairs",
    "event_figures",
    "own_choices",
    "pair_view",
    "pairs_of",
    "seats_by_table",
    "seats_of_round",
    "standing_consents",
    "table_now",
    "waiting_ahead",
    "with_counts",
    "with_load",
    "year_figures",
]
