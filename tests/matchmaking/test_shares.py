"""The even share of people among matchmakers."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.shares import even_shares


def loads_after(loads, shares):
    found = dict(loads)
    for helper in shares.values():
        found[helper] += 1
    return found


@given(people=st.integers(0, 60), helpers=st.integers(1, 12))
def test_shares_differ_by_one_at_most_where_nothing_stands_against_it(people, helpers):
    loads = dict.fromkeys(range(helpers), 0)
    shares = even_shares(range(people), loads, dict.fromkeys(loads, 100), {})
    found = loads_after(loads, shares).values()
    assert len(shares) == people
    assert max(found) - min(found) <= 1


@given(
    people=st.integers(0, 40),
    carried=st.lists(st.integers(0, 9), min_size=1, max_size=8),
    most=st.integers(1, 9),
)
def test_nobody_carries_more_than_she_may_and_the_least_loaded_come_first(people, carried, most):
    loads = dict(enumerate(carried))
    shares = even_shares(range(people), loads, dict.fromkeys(loads, most), {})
    found = loads_after(loads, shares)
    room = sum(max(most - load, 0) for load in carried)
    assert len(shares) == min(people, room)
    got = set(shares.values())
    assert all(found[helper] <= most for helper in got)
    # A helper who got somebody has at most one more than any helper with free capacity.
    free = [load for load in found.values() if load < most]
    assert all(found[helper] <= min(free, default=most) + 1 for helper in got)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_with_people_barred_it_is_as_full_and_as_even_as_can_be(data):
    people, helpers = data.draw(st.integers(0, 5)), data.draw(st.integers(1, 3))
    barred = {
        person: data.draw(st.sets(st.integers(0, helpers - 1), max_size=helpers), label=f"barred {person}")
        for person in range(people)
    }
    loads = {helper: data.draw(st.integers(0, 2), label=f"load {helper}") for helper in range(helpers)}
    most = {helper: data.draw(st.integers(1, 4), label=f"most {helper}") for helper in range(helpers)}
    shares = even_shares(range(people), loads, most, barred)
    assert all(helper not in barred[person] for person, helper in shares.items())
    assert judged(loads, shares) == best(people, loads, most, barred)


def judged(loads, shares):
    """Return the quantity to minimise: first the people left out, then the squares of the loads."""
    return -len(shares), sum(load**2 for load in loads_after(loads, shares).values())


def best(people, loads, most, barred):
    """Return the best result of all ways to share, by trying each."""
    found = []
    for chosen in product([None, *loads], repeat=people):
        shares = {person: helper for person, helper in enumerate(chosen) if helper is not None}
        after = loads_after(loads, shares)
        fits = all(helper not in barred[person] for person, helper in shares.items())
        if fits and all(after[helper] <= most[helper] for helper in shares.values()):
            found.append(judged(loads, shares))
    return min(found)
