"""The places of an offering held at one moment, and who may take the next; pure counting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.signups.choices import Blocked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from portal.signups.models import SignUp


class Places:
    """Counts the held places by pool and by any other fields that an offering counts by.

    ``held`` maps a tuple of ``fields`` to the number of sign-ups that hold a place; ``fields`` begin with ``pool``.
    ``capacity(pool)`` is the number of places in a pool. An area subclasses it and makes ``blocks`` stricter.
    """

    fields: tuple[str, ...] = ("pool",)

    def __init__(self, *, capacity: Callable[[str], int], held: Mapping[tuple[object, ...], int]) -> None:
        self.capacity = capacity
        self.held: dict[tuple[object, ...], int] = dict(held)

    def holding(self, pool: str) -> int:
        """Return the number of places held in ``pool``."""
        return sum(count for key, count in self.held.items() if key[0] == pool)

    def free(self, pool: str) -> int:
        """Return the number of free places in ``pool``; never below zero."""
        return max(self.capacity(pool) - self.holding(pool), 0)

    def blocks(self, signup: SignUp) -> str:
        """Return why ``signup`` cannot take a place now, as a ``Blocked``, or '' when it can."""
        return "" if self.free(signup.pool) else Blocked.FULL

    def take(self, signup: SignUp) -> None:
        """Count one more place as held, by ``signup``."""
        key = tuple(getattr(signup, name) for name in self.fields)
        self.held[key] = self.held.get(key, 0) + 1
