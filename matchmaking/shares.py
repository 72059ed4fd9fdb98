"""The assignment of people to helpers so that the loads are even; this module only computes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


def even_shares(
    people: Iterable[int], loads: Mapping[int, int], most: Mapping[int, int], barred: Mapping[int, Collection[int]]
) -> dict[int, int]:
    """Return {person: helper} for as many ``people`` as possible, distributed as evenly as possible.

    ``loads`` maps each helper to the present number of people, ``most`` to the maximum, ``barred`` each person to the
    helpers who must not be assigned. If nobody is barred and all begin with the same load, loads differ by at most one
    (below ``most``). People for whom no helper is found are left out.

    Each person goes to the least loaded helper that can be reached, directly or by reassigning people assigned
    before: an optimal semi-matching (Harvey, Ladner, Lovász and Tamir 2003).
    """
    shares = _Shares(loads, most, barred)
    for person in people:
        shares.place(person)
    return shares.helper_of


class _Shares:
    def __init__(
        self, loads: Mapping[int, int], most: Mapping[int, int], barred: Mapping[int, Collection[int]]
    ) -> None:
        self.loads = dict(loads)
        self.most = most
        self.barred = barred
        self.helper_of: dict[int, int] = {}
        self.people_of: dict[int, list[int]] = {helper: [] for helper in loads}

    def place(self, person: int) -> None:
        """Find the least loaded helper on an alternating path from ``person`` and move people along the path."""
        came_from: dict[int, tuple[int | None, int]] = dict.fromkeys(self._open_to(person), (None, person))
        least = min(self.loads.values(), default=0)
        waiting = deque(sorted(came_from, key=self._rank))
        best = self._better(None, waiting)
        while waiting and (best is None or self.loads[best] > least):
            helper = waiting.popleft()
            for moved in self.people_of[helper]:
                for other in self._open_to(moved):
                    if other not in came_from:
                        came_from[other] = (helper, moved)
                        waiting.append(other)
                        best = self._better(best, [other])
        if best is None:
            return
        self.loads[best] += 1
        given: int | None = best
        while given is not None:
            before, moved = came_from[given]
            if before is not None:
                self.people_of[before].remove(moved)
            self.people_of[given].append(moved)
            self.helper_of[moved] = given
            given = before

    def _open_to(self, person: int) -> list[int]:
        shut = self.barred.get(person, ())
        return [helper for helper in self.loads if helper not in shut]

    def _rank(self, helper: int) -> int:
        return self.loads[helper]

    def _better(self, best: int | None, helpers: Iterable[int]) -> int | None:
        """Return the least loaded of ``best`` and those ``helpers`` who may take one more person."""
        room = [helper for helper in helpers if self.loads[helper] < self.most[helper]]
        return min([*([best] if best is not None else []), *room], key=self._rank, default=None)
