"""The data that matchmaking holds on a single, and the people who see them."""

from matchmaking.own_data import events, helping
from matchmaking.own_data.events import assigned, pair_rows

SOURCES = (*events.SOURCES, *helping.SOURCES)
SEEN = (*events.SEEN, *helping.SEEN)

__all__ = ["SEEN", "SOURCES", "assigned", "pair_rows"]
