"""What waits for whom in childcare, and the reminders of guardians."""

from datetime import timedelta

import pytest
from django.utils import timezone

from childcare.choices.sites import PaperKind
from childcare.choices.terms import TermState
from childcare.models import SafetyPaper
from childcare.reminders import class_tomorrow, papers_end
from childcare.services.incidents import incident_acknowledge
from childcare.services.terms import term_check
from childcare.todo import items_for
from portal.core.roles import Role
from portal.members.models import Member
from tests.factories.childcare import (
    make_care_staff,
    make_draw,
    make_draw_term,
    make_ended_term,
    make_enrolment,
    make_incident,
    make_paper,
    make_result,
    make_running_term,
    make_term,
)
from tests.factories.members import make_staff
from tests.factories.organizations import make_province

pytestmark = pytest.mark.django_db


def words(member):
    return [item.title for item in items_for(Member.objects.get(pk=member.pk))]


def people(term):
    """Return a cadre and two chairs of the union that manages the site."""
    return [make_staff(term.site.organization, role) for role in (Role.CADRE, Role.CHAIR, Role.CHAIR)]


def test_each_step_waits_for_those_who_may_take_it():
    term = make_term(state=TermState.PLANNED)
    cadre, chair, second = people(term)
    above = make_staff(make_province())
    assert words(chair) == []
    term_check(actor=chair, term=term)
    assert [len(words(one)) for one in (cadre, chair, second, above)] == [0, 0, 1, 0]
    make_care_staff(term.site, given_by=chair, confirmed_by=None)
    assert [len(words(one)) for one in (cadre, chair, second)] == [0, 0, 2]


def test_a_draw_waits_for_its_freeze_and_then_for_its_seed():
    term = make_draw_term()
    cadre, chair, second = people(term)
    assert [len(words(one)) for one in (cadre, chair, second)] == [1, 1, 1]
    make_draw(term, chair)
    assert [len(words(one)) for one in (cadre, chair, second)] == [0, 0, 1]


def test_an_incident_waits_until_somebody_acknowledges_it():
    row = make_incident()
    cadre, chair, _second = people(row.term)
    assert [len(words(one)) for one in (cadre, chair)] == [1, 1]
    assert items_for(Member.objects.get(pk=cadre.pk))[0].due_at == row.due_at
    incident_acknowledge(actor=chair, incident=row)
    assert [len(words(one)) for one in (cadre, chair)] == [0, 0]


def test_a_class_that_is_over_waits_for_its_settlement_and_a_second_person():
    term = make_ended_term()
    cadre, chair, second = people(term)
    assert [len(words(one)) for one in (cadre, chair, second)] == [1, 1, 1]
    make_result(term, chair)
    assert [len(words(one)) for one in (cadre, chair, second)] == [0, 0, 1]


def test_a_paper_that_ends_in_mid_term_is_told_up_the_chain_by_name():
    term = make_running_term()
    chair, above = people(term)[1], make_staff(make_province(), name="示例省主席")
    today = timezone.localdate()
    paper = term.site.papers.get(kind=PaperKind.FIRE)
    noon = timezone.now()
    assert list(papers_end(noon)) == []
    SafetyPaper.objects.filter(pk=paper.pk).update(valid_until=today + timedelta(days=3))
    first = list(papers_end(noon))
    assert chair in [due.to for due in first]
    assert above not in [due.to for due in first]
    assert chair.name in first[0].context["told"]
    SafetyPaper.objects.filter(pk=paper.pk).update(valid_until=today)
    assert above in [due.to for due in papers_end(noon)]
    make_paper(term.site, PaperKind.FIRE)
    assert list(papers_end(noon)) == []


def test_guardians_are_reminded_the_day_before_and_nobody_behind_a_closed_account():
    term = make_term()
    row, closed = make_enrolment(term), make_enrolment(term)
    Member.objects.filter(pk=closed.member_id).update(secrets_closed_until=timezone.now() + timedelta(days=99))
    eve = term.opens_at - timedelta(hours=20)
    assert list(class_tomorrow(eve - timedelta(days=1))) == []
    assert [(due.to, due.until) for due in class_tomorrow(eve)] == [(row.member, term.opens_at)]
