"""Properties 1 and 2: five hundred people at once for a hundred places, through the web server.

With the lock exactly the places are taken, and the rest are waitlisted in order, with no gap and no error. Without the
lock the same rush goes wrong.
"""

from collections import Counter

from django.urls import reverse

from portal.signups.choices import LIVE, SignUpState
from tests.drills.rush import join_all, make_people, percentile, sign_in_all
from tests.drills.servers import second_server
from tests.factories.matchmaking import make_event
from tests.stack import Stack

PEOPLE, PLACES = 500, 100
POOLS = ("men", "women")


def prepare(people=PEOPLE):
    """Return an event with fifty places on each list, and the cookies of the people who want one."""
    event = make_event(men_quota=PLACES // 2, women_quota=PLACES // 2)
    return event, sign_in_all(make_people(event.organization, people))


def lists(event, state):
    """Return the places in line of the sign-ups in ``state``, by list."""
    rows = event.signups.filter(state=state).order_by("place").values_list("pool", "place")
    return {pool: [place for found, place in rows if found == pool] for pool in POOLS}


def unlocked(stack):
    """Run a second web server on the stack's database that reads rows without a lock.

    Returns a context manager.
    """
    return second_server(stack, "unlocked", app="tests.drills.unlocked", threads=8)


def test_five_hundred_for_a_hundred_places(stack, measured):
    with stack.orm():
        event, cookies = prepare()
        answers = join_all(stack.url, reverse("matchmaking:meet-join", args=[event.slug]), cookies)

        assert Counter(answer.status for answer in answers) == {302: PEOPLE}
        assert {answer.place for answer in answers} == {reverse("matchmaking:meet-joined", args=[event.slug])}
        confirmed, waiting = lists(event, SignUpState.CONFIRMED), lists(event, SignUpState.WAITLISTED)
        assert {pool: len(confirmed[pool]) for pool in POOLS} == dict.fromkeys(POOLS, PLACES // 2)
        assert {pool: len(waiting[pool]) for pool in POOLS} == dict.fromkeys(POOLS, (PEOPLE - PLACES) // 2)
        for pool in POOLS:
            assert max(confirmed[pool]) < min(waiting[pool])
        everybody = sorted(place for found in (confirmed, waiting) for pool in POOLS for place in found[pool])
        assert everybody == list(range(1, PEOPLE + 1))
    assert "Traceback" not in stack.log("web")
    slowest = max(answer.seconds for answer in answers)
    measured(p50=f"{percentile(answers, 50):.2f} s", p99=f"{percentile(answers, 99):.2f} s", all=f"{slowest:.2f} s")
    assert percentile(answers, 99) < 10


def test_one_person_fifty_times_is_one_row(stack):
    with stack.orm():
        event, cookies = prepare(1)
        answers = join_all(stack.url, reverse("matchmaking:meet-join", args=[event.slug]), cookies * 50)
        assert Counter(answer.status for answer in answers) == {302: 50}
        assert event.signups.count() == 1


# The second line of defence: each place number only once. With it the second of two simultaneous sign-ups fails;
# without it places are sold twice.
BARE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("ALTER TABLE matchmaking_participation DROP CONSTRAINT matchmaking_participation_place")
"""


def test_control_without_the_lock_places_are_sold_twice(stack, measured):
    """The planted failure: no lock, and no constraint that would turn the second sale into an error."""
    stack.python(BARE, owner=True)
    with stack.orm(), unlocked(stack) as url:
        event, cookies = prepare()
        answers = join_all(url, reverse("matchmaking:meet-join", args=[event.slug]), cookies)
        confirmed = event.signups.filter(state=SignUpState.CONFIRMED).count()
        measured(confirmed=confirmed, places=PLACES, statuses=dict(Counter(answer.status for answer in answers)))
        assert confirmed > PLACES


def test_control_without_the_lock_the_constraint_fails_the_second(measured, servers_env, tmp_path, django_db_blocker):
    """With the constraint but without the lock nothing is sold twice.

    People get errors instead.
    """
    with Stack(servers_env, tmp_path, blocker=django_db_blocker) as stack, stack.orm(), unlocked(stack) as url:
        event, cookies = prepare()
        answers = join_all(url, reverse("matchmaking:meet-join", args=[event.slug]), cookies)
        confirmed = event.signups.filter(state=SignUpState.CONFIRMED).count()
        measured(confirmed=confirmed, places=PLACES, statuses=dict(Counter(answer.status for answer in answers)))
        assert any(answer.status == 500 for answer in answers)
        assert event.signups.filter(state__in=LIVE).values("member").distinct().count() == event.signups.count()


# Both lines of defence: one live row for each person, each place number once.
BARER = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("ALTER TABLE matchmaking_participation DROP CONSTRAINT IF EXISTS matchmaking_participation_place")
    cursor.execute("DROP INDEX matchmaking_participation_once")
"""


def test_control_one_person_fifty_times_is_many_rows_without_lock_and_constraint(
    measured, servers_env, tmp_path, django_db_blocker
):
    with Stack(servers_env, tmp_path, blocker=django_db_blocker) as stack:
        stack.python(BARER, owner=True)
        with stack.orm(), unlocked(stack) as url:
            # Whether two of the fifty requests meet is chance, so there are a few rushes, each for a new event.
            found = []
            while len(found) < 5 and max(found, default=1) == 1:
                event, cookies = prepare(1)
                answers = join_all(url, reverse("matchmaking:meet-join", args=[event.slug]), cookies * 50)
                found.append(event.signups.count())
            measured(rows=found, statuses=dict(Counter(answer.status for answer in answers)))
            assert found[-1] > 1
