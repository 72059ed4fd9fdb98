"""Property 44: no form from another site is accepted.

That reading changes no row is tested in test_headers.py.
"""

import pytest

from tests.hostile.walk import ADMINISTRATORS, TOKEN, session_of, visits
from tests.quick import quickly

pytestmark = pytest.mark.django_db
UNSAFE = ("post", "put", "patch", "delete")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def refusals(settings):
    """A refusal that is quick to make and differs from that of a missing permission."""
    settings.CSRF_FAILURE_VIEW = "tests.hostile.planted.refusal"


def refused(response):
    return response.status_code == 403 and response.headers.get("X-Refused") == "csrf"


def forgeries():
    """Yield the ways in which another site could send a form.

    Each is (what is wrong, method, body, headers).
    """
    for method in UNSAFE:
        yield "no token", method, "", {}
        yield "another's token", method, "", {"X-CSRFToken": "d" * 32}
        yield "wrong origin", method, "", {"X-CSRFToken": TOKEN, "Origin": "https://example.org"}
    yield "another's token", "post", f"csrfmiddlewaretoken={'d' * 32}", {}
    yield "no origin to speak of", "post", f"csrfmiddlewaretoken={TOKEN}", {"Origin": "null"}


def taken_forgeries(home, within=""):
    """Return (address, method, what was wrong) of every forged form that passed the check.

    Whether an address is exempt does not depend on what is wrong with a form or on the method: all forgeries are tried
    at one address of each app, and at each address that accepts a POST without a token.
    """
    found, seen = [], set()
    # The check does not depend on the role, so one administrator is enough.
    for visit in visits(home, within, ADMINISTRATORS[:1], enforce_csrf_checks=True):
        app = visit.address.name.rpartition(":")[0]
        for wrong, method, body, headers in forgeries():
            answer = getattr(visit.client, method)(visit.path, body, content_type=FORM, headers=headers)
            if not refused(answer):
                found.append((visit.address.name, method, wrong, answer.status_code))
            elif app in seen:
                break
        seen.add(app)
    return found


def test_no_form_is_taken_from_elsewhere(home):
    with quickly():
        assert taken_forgeries(home) == []


def test_a_door_without_the_check_is_named(home, planted):
    """A view without the check is named.

    The planted failure: a view that is exempt.
    """
    found = taken_forgeries(home, "planted:")
    assert {name for name, *_rest in found} == {"planted:open-door"}
    assert {method for _name, method, *_rest in found} == set(UNSAFE)


OWN = f"csrfmiddlewaretoken={TOKEN}&phone=12000000001"


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://testserver"}])
def test_the_own_form_is_taken(headers):
    client = session_of(None, enforce_csrf_checks=True)
    assert client.post("/sign-in/", OWN, content_type=FORM, headers=headers).status_code == 302


@pytest.mark.parametrize("headers", [{}, {"Referer": "https://example.org/"}])
def test_over_https_a_form_without_origin_or_with_anothers_referrer_is_refused(headers):
    client = session_of(None, enforce_csrf_checks=True)
    assert refused(client.post("/sign-in/", OWN, content_type=FORM, secure=True, headers=headers))


def test_a_refusal_says_what_to_do(settings):
    settings.CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"
    answer = session_of(None, enforce_csrf_checks=True).post("/sign-in/", "", content_type=FORM)
    assert (answer.status_code, "errors/csrf.html" in {page.name for page in answer.templates}) == (403, True)
