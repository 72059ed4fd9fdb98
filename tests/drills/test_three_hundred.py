"""Three hundred parents at the same second for thirty places of a holiday class, through the web server.

Thirty children get a place, the others wait in order with no gap, and no child is there twice.
"""

from collections import Counter

from django.urls import reverse

from childcare.models import Enrolment
from portal.signups.choices import SignUpState
from tests.drills.rush import join_all, make_people, percentile, sign_in_all
from tests.factories.childcare import make_term
from tests.factories.members import make_child
from tests.factories.organizations import make_organization, make_unit

PARENTS, PLACES = 300, 30


def prepare(number=PARENTS):
    """Return a class of thirty places, and of each parent the cookies and the form with the child."""
    term = make_term(places_total=PLACES)
    parents = make_people(make_unit(make_organization()), number)
    children = [make_child(parent) for parent in parents]
    return term, sign_in_all(parents), [{"child": child.pk} for child in children]


def test_three_hundred_for_thirty_places(stack, measured):
    with stack.orm():
        term, cookies, fields = prepare()
        answers = join_all(stack.url, reverse("childcare:class-enrol", args=[term.pk]), cookies, fields)
        assert Counter(answer.status for answer in answers) == {302: PARENTS}
        rows = Enrolment.objects.filter(offering=term).order_by("place")
        states = [SignUpState.CONFIRMED] * PLACES + [SignUpState.WAITLISTED] * (PARENTS - PLACES)
        assert list(rows.values_list("place", "state")) == list(enumerate(states, start=1))
        assert rows.values("child").distinct().count() == PARENTS
    assert "Traceback" not in stack.log("web")
    slowest = max(answer.seconds for answer in answers)
    measured(p50=f"{percentile(answers, 50):.2f} s", p99=f"{percentile(answers, 99):.2f} s", all=f"{slowest:.2f} s")


def test_one_child_fifty_times_is_one_row(stack):
    with stack.orm():
        term, cookies, fields = prepare(1)
        answers = join_all(stack.url, reverse("childcare:class-enrol", args=[term.pk]), cookies * 50, fields * 50)
        # Once the child is on the list, the form no longer offers it.
        assert {answer.status for answer in answers} <= {302, 422}
        assert term.signups.count() == 1
