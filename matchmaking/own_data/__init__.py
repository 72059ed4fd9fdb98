"""What matchmaking has of a single, and whom it shows it to."""

from matchmaking.own_data import events, helping
from matchmaking.own_data.events import assigned, pair_rows

SOURCES = (*events.SOURCES, *helping.SOURCES)
SEEN = (*events.SEEN, *helping.SEEN)

__all__ = ["SEEN", "SOURCES", "assigned", "pair_rows"]
