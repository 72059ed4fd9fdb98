"""Age bands of nursery places: into which a child belongs, and how many carers the children need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from childcare.choices.nurseries import AgeBand
from portal.core.calendar import months_later

if TYPE_CHECKING:
    from datetime import date

# In months: from, and until (not included).
MONTHS = {AgeBand.INFANT: (6, 12), AgeBand.TODDLER: (12, 24), AgeBand.OLDER: (24, 36)}
MIXED = (18, 36)


@dataclass(frozen=True)
class BandRule:
    """The most children of a group, and the most children of one carer, in an age band."""

    group: int
    ratio: int


def band_of(born_on: date, on: date) -> AgeBand | None:
    """Return the age band of a child on a day; it moves on the day of its birthday. None below 6 and from 36 months."""
    return next((band for band, months in MONTHS.items() if _is_within(born_on, on, months)), None)


def bands_for(born_on: date, on: date) -> list[AgeBand]:
    """Return the age bands into which a child fits on a day: its own, and the mixed one from 18 to 36 months."""
    own = band_of(born_on, on)
    found = [own] if own else []
    return [*found, AgeBand.MIXED] if _is_within(born_on, on, MIXED) else found


def _is_within(born_on: date, on: date, months: tuple[int, int]) -> bool:
    first, last = months
    return months_later(born_on, first) <= on < months_later(born_on, last)


def carers_needed(enrolled: int, rule: BandRule) -> int:
    """Return how many carers ``enrolled`` children need."""
    return -(-enrolled // max(rule.ratio, 1))


def is_overfull(enrolled: int, groups: int, rule: BandRule) -> bool:
    """Return whether the children do not fit into the groups."""
    return enrolled > groups * rule.group
