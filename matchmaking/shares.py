"""Who looks after whom, so that nobody carries much more than another. Pure calculation."""

from collections import deque


def even_shares(people, loads, most, barred):
    """Return {person: helper} for ``people``, as many of them and as evenly as possible.

    ``loads`` maps each helper to how many she carries already, ``most`` to how many she may carry, ``barred`` each
    person to the helpers who must not have her. Where nobody is barred and all begin with the same load, loads differ
    by one at most (below ``most``). Who finds no helper is left out.

    One person after the other goes to the least loaded helper that can be reached, directly or by passing on people
    who were given out before her: an optimal semi-matching (Harvey, Ladner, Lovász and Tamir 2003).
    """
    shares = _Shares(loads, most, barred)
    for person in people:
        shares.place(person)
    return shares.helper_of


class _Shares:
    def __init__(self, loads, most, barred):
        self.loads = dict(loads)
        self.most = most
        self.barred = barred
        self.helper_of = {}
        self.people_of = {helper: [] for helper in loads}

    def place(self, person):
        """Find the least loaded helper on an alternating path from ``person`` and move people along it."""
        came_from = dict.fromkeys(self._open_to(person), (None, person))
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
        helper = best
        while helper is not None:
            before, moved = came_from[helper]
            if before is not None:
                self.people_of[before].remove(moved)
            self.people_of[helper].append(moved)
            self.helper_of[moved] = helper
            helper = before

    def _open_to(self, person):
        shut = self.barred.get(person, ())
        return [helper for helper in self.loads if helper not in shut]

    def _rank(self, helper):
        return self.loads[helper]

    def _better(self, best, helpers):
        """Return the least loaded of ``best`` and those of ``helpers`` who may take one more."""
        room = [helper for helper in helpers if self.loads[helper] < self.most[helper]]
        return min([*([best] if best is not None else []), *room], key=self._rank, default=None)
