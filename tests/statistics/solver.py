"""A reader of published tables who uses integer optimisation.

It is slow, and independent of the portal's own method.
"""

from scipy.optimize import Bounds, LinearConstraint, milp

from portal.statistics.suppression import LEAST, Hidden

FAR = 10**6


def recovered(table, hidden):
    """Return the small cells for which only one value is possible."""
    small = [cell for cell, why in hidden.items() if why == Hidden.SMALL]
    return sorted(cell for cell in small if len(possible(table, hidden, cell)) == 1)


def possible(table, hidden, cell):
    """Return the set of the least and the largest value of a hidden ``cell`` that fit everything shown."""
    order = {position: number for number, position in enumerate(sorted(hidden))}
    height, width = len(table), len(table[0])
    lines = [[(at, to) for to in range(width)] for at in range(height)]
    lines += [[(at, to) for at in range(height)] for to in range(width)]
    equations, sums = [], []
    for *parts, total in lines:
        line, known = [0] * len(order), 0
        for position, sign in [*((part, 1) for part in parts), (total, -1)]:
            if position in order:
                line[order[position]] = sign
            else:
                known += sign * table[position[0]][position[1]]
        if any(line):
            equations.append(line)
            sums.append(-known)
    least = [1 if hidden[position] == Hidden.SMALL else LEAST for position in order]
    most = [LEAST - 1 if hidden[position] == Hidden.SMALL else FAR for position in order]
    found = set()
    for sign in (1, -1):
        aim = [0] * len(order)
        aim[order[cell]] = sign
        constraints = LinearConstraint(equations, sums, sums)
        answer = milp(aim, constraints=constraints, integrality=[1] * len(order), bounds=Bounds(least, most))
        found.add(round(answer.x[order[cell]]))
    return found
