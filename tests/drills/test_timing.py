"""Property 46: the time that signing in takes does not tell whether a name exists.

Two hundred pairs of a name that exists and one that does not are each sent once, from as many addresses; what counts is
the median of the difference within a pair. The planted failure: a backend that does no work for an unknown name.
"""

import statistics
import time

from portal.members.backends import login_key_of_name
from portal.members.models import Member
from tests.drills.hashers import FifthHasher
from tests.drills.rush import CSRF, make_people
from tests.drills.servers import second_server
from tests.factories.members import make_duty
from tests.factories.organizations import make_organization
from tests.hostile.visitor import Visitor

MANY, FEW = 200, 10
MOST = 0.020
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def make_names(number):
    """Create staff with passwords and return their login names."""
    city = make_organization()
    hasher = FifthHasher()
    password = hasher.encode("Zhuyi-Anquan-2026", hasher.salt())
    people = make_people(city, number)
    for count, member in enumerate(people):
        make_duty(member, city)
        member.login_key, member.password = login_key_of_name(f"known{count}"), password
    Member.objects.bulk_update(people, ["login_key", "password"])
    return [f"known{count}" for count in range(number)]


def seconds(visitor, name, number):
    """Send a wrong password from an address of its own.

    Returns the seconds until the answer.
    """
    body = f"csrfmiddlewaretoken={CSRF}&login_name={name}&password=wrong"
    headers = {**FORM, "X-Forwarded-For": f"10.{number // 250}.{number % 250}.9"}
    begun = time.perf_counter()
    status, _text, _headers = visitor.ask("POST", "/sign-in/staff/", body, headers)
    took = time.perf_counter() - begun
    assert status == 422
    return took


def medians(url, names, start):
    """Return three medians.

    They are the time for names that exist, the time for names that do not, and the difference within a pair.
    """
    visitor = Visitor(type("At", (), {"url": url}))
    visitor.cookies = {"csrftoken": CSRF}
    for number in range(4):
        seconds(visitor, "warm", 9000 + start + number)
    known, unknown = [], []
    for number, name in enumerate(names):
        pair = [(known, name, 2 * number), (unknown, f"un{name}", 2 * number + 1)]
        # Which of a pair comes first alternates.
        for times, login_name, place in pair if number % 2 else reversed(pair):
            times.append(seconds(visitor, login_name, start + place))
    apart = statistics.median(one - other for one, other in zip(known, unknown, strict=True))
    return statistics.median(known), statistics.median(unknown), abs(apart)


def test_known_and_unknown_names_take_the_same_time(stack, measured):
    with stack.orm():
        names = make_names(MANY)
    strong = {"DJANGO_SETTINGS_MODULE": "tests.drills.strong_settings"}
    with second_server(stack, "strong", **strong) as url:
        known, unknown, apart = medians(url, names, 0)
    with second_server(stack, "leaky", **strong, DRILL_LEAK="1") as url:
        leaky_known, leaky_unknown, leaky_apart = medians(url, names[:FEW], 5000)
    measured(
        known=f"{known * 1000:.1f} ms",
        unknown=f"{unknown * 1000:.1f} ms",
        apart=f"{apart * 1000:.1f} ms",
        planted=f"{leaky_known * 1000:.1f} ms and {leaky_unknown * 1000:.1f} ms",
    )
    assert apart < MOST
    assert leaky_apart > MOST
