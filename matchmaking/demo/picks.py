"""Choices of a round that make an exact number of mutual pairs, and many one-sided choices."""

# Number of people that a person chooses, unless that person's pairs need more: most often three, sometimes none.
COUNTS = (0, 1, 1, 2, 2, 2, 3, 3, 3, 3)


def choose(men, women, *, pairs, rng, most=3, several=0, unpaired=(), silent=()):
    """Return (choices, mutual): the ordered choices of each person by id, and the pairs as (man, woman).

    ``men`` and ``women`` are ids; the first of each make the first pair. ``several`` of the pairs include somebody who
    is in another pair already, so that 2 x pairs - several people are in at least one pair. People in ``unpaired`` are
    in no pair; people in ``silent`` choose nobody and are in no pair.
    """
    out = {*unpaired, *silent}
    free = [[one for one in side if one not in out] for side in (men, women)]
    for side in free:
        rest = side[1:]
        rng.shuffle(rest)
        side[1:] = rest
    base = pairs - several
    mutual = list(zip(free[0][:base], free[1][:base], strict=True))
    if len(mutual) != base:
        raise ValueError("too few people for so many pairs")
    mutual += _further(free, base, several)
    chosen = {one: [] for one in (*men, *women)}
    for man, woman in mutual:
        chosen[man].append(woman)
        chosen[woman].append(man)
    if max(map(len, chosen.values())) > most:
        raise ValueError("somebody would be in more pairs than she may choose people")
    for side, other in ((men, women), (women, men)):
        for one in side:
            if one not in silent:
                _add_one_sided(chosen, one, other, min(most, rng.choice(COUNTS)), rng)
    return chosen, mutual


def _further(free, base, several):
    """Return pairs of a person who is in a pair already and a person in none yet; the sides take turns."""
    found = []
    used = [base, base]
    for number in range(several):
        side = number % 2
        newcomer = free[side][used[side]]
        used[side] += 1
        taken = free[1 - side][1 + number]
        found.append((newcomer, taken) if side == 0 else (taken, newcomer))
    return found


def _add_one_sided(chosen, one, other, count, rng):
    """Fill the choices of ``one`` up to ``count`` with people who did not choose ``one``."""
    tries = 0
    while len(chosen[one]) < count and tries < 50:
        tries += 1
        # Some cards are popular: the smaller of two random numbers prefers the front of the list.
        target = other[min(rng.randrange(len(other)), rng.randrange(len(other)))]
        if target not in chosen[one] and one not in chosen[target]:
            chosen[one].append(target)
    rng.shuffle(chosen[one])
