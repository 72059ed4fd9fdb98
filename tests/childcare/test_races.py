"""Many parents at once for few places: none twice, none too many, the others in order."""

from childcare.models import ClassTerm, Enrolment
from childcare.services.enrolments import enrolment_accept, enrolment_apply, enrolment_leave
from childcare.services.pickups import code_make, hand_over
from childcare.services.sites import paper_remove
from portal.core.errors import DomainError
from portal.signups.choices import HOLDING, LIVE, SignUpState
from tests.factories.childcare import (
    make_attendance,
    make_care_staff,
    make_enrolment,
    make_parent,
    make_term,
    teacher_of,
)
from tests.factories.members import make_child, make_staff
from tests.threads import at_once

PLACES, FAMILIES = 10, 40


def families(number):
    return [make_parent() for _number in range(number)]


def apply(term):
    return lambda family: enrolment_apply(actor=family[0], term=term, child=family[1])


def test_forty_families_for_ten_places(fresh_database):
    term = make_term(places_total=PLACES)
    answers = at_once(apply(term), families(FAMILIES))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    places = Enrolment.objects.order_by("place").values_list("place", "state")
    assert [place for place, _state in places] == list(range(1, FAMILIES + 1))
    assert [state for _place, state in places] == ["confirmed"] * PLACES + ["waitlisted"] * (FAMILIES - PLACES)


def test_one_child_twenty_times_is_one_row_and_two_children_are_two(fresh_database):
    term = make_term()
    parent, child = make_parent()
    children = [child, make_child(parent)]
    answers = at_once(apply(term), [(parent, children[number % 2]) for number in range(20)])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(Enrolment.objects.values_list("child", flat=True)) == sorted(child.pk for child in children)


def test_one_child_in_two_classes_of_the_same_days_has_one_place(fresh_database):
    terms = [make_term(), make_term()]
    parent, child = make_parent()
    answers = at_once(lambda term: enrolment_apply(actor=parent, term=term, child=child), terms * 5)
    assert Enrolment.objects.filter(state=SignUpState.CONFIRMED).count() == 1
    assert all(isinstance(answer, Enrolment | DomainError) for answer in answers)


def test_leaving_applying_and_accepting_at_once_keep_the_capacity(fresh_database):
    term = make_term(places_total=PLACES)
    rows = [make_enrolment(term) for _number in range(2 * PLACES)]

    def leave(row):
        enrolment_leave(actor=row.member, enrolment=row)

    acts = [(leave, row) for row in rows[:5]] + [(apply(term), family) for family in families(5)]
    answers = at_once(lambda act: act[0](act[1]), acts)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    offered = list(Enrolment.objects.filter(state=SignUpState.OFFERED).select_related("offering", "child", "member"))
    assert len(offered) == 5
    at_once(lambda row: enrolment_accept(actor=row.member, enrolment=row), offered * 2)
    assert Enrolment.objects.filter(state__in=HOLDING).count() == PLACES
    assert {row.place for row in offered} == set(range(PLACES + 1, PLACES + 6))


def test_a_paper_that_is_removed_in_the_rush_stops_whoever_comes_after(fresh_database):
    term = make_term(places_total=PLACES)
    chair = make_staff(term.site.organization)
    paper = term.site.papers.first()
    acts = [(apply(term), family) for family in families(10)]
    acts.insert(5, (lambda paper: paper_remove(actor=chair, paper=paper, reason="吊销"), paper))
    answers = at_once(lambda act: act[0](act[1]), acts)
    assert all(answer is None or isinstance(answer, Enrolment | DomainError) for answer in answers)
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert Enrolment.objects.filter(state__in=LIVE).count() == 10 - len(refused)
    assert ClassTerm.objects.get().gaps()


def test_two_teachers_use_one_code_at_once(fresh_database):
    row = make_attendance(here=True)
    about = {"actor": row.enrolment.member, "enrolment": row.enrolment, "person": None}
    code = code_make(**about, children=[row.enrolment.child]).code
    teachers = [teacher_of(row.day), make_care_staff(row.day.term.site).member]

    def collect(teacher):
        return hand_over(actor=teacher, attendance=row, code=code, is_person=True)

    answers = at_once(collect, teachers)
    outcomes = [getattr(answer, "outcome", getattr(answer, "code", answer)) for answer in answers]
    assert sorted(map(str, outcomes)) == ["not-here", "released"]
