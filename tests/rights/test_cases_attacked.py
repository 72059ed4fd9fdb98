"""Chains of permitted steps by which somebody could learn of a case, end it alone, or leave it to nobody."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.models import StepFailure
from portal.core.roles import Role
from portal.deadlines.merging import consequences
from portal.deadlines.selectors import deadline_of
from portal.deadlines.services import deadlines_keep_time
from portal.members.models import Duty, Member
from portal.members.selectors import waiting_by_duty
from portal.messaging.models import Message
from portal.messaging.selectors import can_open, own_items
from portal.messaging.services.delegating import todo_delegate
from portal.organizations.models import Employer
from rights import rules
from rights.choices.cases import LIMITATION, AssignedAs, CaseState, LedgerKind, Outcome, Solved
from rights.clocks import case_staff
from rights.merging import absorb
from rights.models import CaseLedgerEntry, RightsCase
from rights.selectors.cases import people_of
from rights.services import applicants, assigning, cases, closing
from rights.services.assigning import case_give, cases_keep_time
from rights.services.ledger import ledger_release
from tests.factories.members import make_duty, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.factories.rights import make_case, make_handled_case, make_line, make_rights_law

pytestmark = pytest.mark.django_db
UNIT = "示例毛纺厂工会"
REASON = "单位人事部门来电说明情况"


@pytest.fixture(autouse=True)
def law():
    make_rights_law()


@pytest.fixture
def line():
    return make_line()


@pytest.fixture
def unit(line):
    return make_unit(line.county, name=UNIT)


def fresh(member):
    return Member.objects.get(pk=member.pk)


def opens(member, case):
    member = fresh(member)
    seen = RightsCase.objects.visible_to(member).filter(pk=case.pk).exists()
    assert seen == rules.is_given(member, RightsCase.objects.get(pk=case.pk))
    return seen


def closed(line, **fields):
    case = make_handled_case(line, **fields)
    case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.ADVISED, result="已答复")
    return closing.case_close(actor=line.chair, case=case)


class TestWhoBelongsToTheUnit:
    def test_a_duty_there_counts_like_the_roster(self, line, unit):
        make_duty(line.cadre, unit, Role.CHAIR)
        case, _code = make_case(line, employer=UNIT)
        assert case.organization == line.city
        assert not case.assignments.filter(member=line.cadre).exists()

    def test_a_duty_given_later_ends_access_at_once(self, line, unit):
        case = make_handled_case(line, employer=UNIT)
        assert opens(line.cadre, case)
        make_duty(line.cadre, unit, Role.CHAIR)
        assert not opens(line.cadre, case)

    def test_another_organisation_of_the_same_employer_counts(self, line, unit):
        employer = Employer.objects.create(name="示例毛纺集团", region=line.region, organization=line.county)
        branch = make_unit(line.county, name="示例毛纺厂分厂工会")
        for place in (unit, branch):
            place.employer = employer
            place.save()
        case = make_handled_case(line, employer=UNIT)
        Member.objects.filter(pk=line.cadre.pk).update(organization=branch)
        assert not opens(line.cadre, case)
        assert opens(line.chair, case)

    def test_after_a_merger_the_people_of_both_are_kept_away(self, line, unit):
        case = make_handled_case(line, employer=UNIT)
        target = make_unit(line.county)
        assert absorb(actor=line.chair, source=unit, target=target, on=timezone.localdate()) == {
            "stations": 0,
            "law_sessions": 0,
        }
        Member.objects.filter(pk=line.cadre.pk).update(organization=target)
        assert not opens(line.cadre, case)

    def test_cases_go_with_the_union_that_handles_them(self, line):
        case = make_handled_case(line)
        target = make_organization(line.city, kind="county", region=line.region)
        absorb(actor=line.chair, source=line.county, target=target, on=timezone.localdate())
        assert RightsCase.objects.get(pk=case.pk).organization == target

    def test_whose_employer_is_not_known_is_told_so_and_staff_too(self, client, line):
        case, code = make_case(line, employer="没有登记的厂")
        client.post(reverse("rights:help-follow"), {"code": code})
        assert "工会没有登记" in client.get(reverse("rights:help-followed")).content.decode()
        assert "没有人据此回避" in sign_in(client, line.cadre).get(case.get_absolute_url()).content.decode()

    def test_where_everybody_belongs_to_the_employer_the_request_says_where_to_turn(self, line):
        with pytest.raises(DomainError) as refused:
            make_case(line, employer=line.province.name)
        assert refused.value.code == "nobody-there"
        assert not RightsCase.objects.exists()


class TestFigures:
    def test_a_request_is_counted_once_its_month_is_over(self, line, monkeypatch):
        closed(line)
        assert ledger_release() == 0
        assert not CaseLedgerEntry.objects.visible_to(line.chair).exists()
        later = timezone.now() + timedelta(days=32)
        monkeypatch.setattr(timezone, "now", lambda: later)
        assert (ledger_release(), ledger_release()) == (3, 0)
        assert CaseLedgerEntry.objects.visible_to(line.chair).count() == 3

    def test_a_reopened_case_leaves_the_figures_that_it_stood_in(self, line, monkeypatch):
        case = closed(line)
        later = timezone.now() + timedelta(days=32)
        monkeypatch.setattr(timezone, "now", lambda: later)
        ledger_release()
        closing.case_reopen(actor=line.cadre, case=case, reason=REASON)
        kinds = CaseLedgerEntry.objects.released().values_list("kind", flat=True)
        assert sorted(kinds) == [LedgerKind.ACCEPTED, LedgerKind.ASKED]


class TestOnePersonAlone:
    def test_nobody_declines_what_was_accepted(self, line):
        case = make_handled_case(line)
        case = cases.case_transfer(actor=line.cadre, case=case, organization=line.city, reason=REASON)
        assert rules.can_decide_request(line.city_chair, case)
        assert not rules.can_decline_request(line.city_chair, case)
        with pytest.raises(DomainError) as refused:
            cases.case_decline(actor=line.city_chair, case=case, reason="不受理")
        assert refused.value.code == "accepted"
        assert cases.case_accept(actor=line.city_chair, case=case).number == case.number


class TestListsOfOthers:
    def test_no_page_about_a_duty_names_or_counts_a_case(self, client, line):
        case, _code = make_case(line)
        duty = Duty.objects.get(member=line.cadre)
        assert [item.confidential for item in own_items(fresh(line.cadre))] == [True]
        assert waiting_by_duty(duty) == []
        page = sign_in(client, line.city_chair).get(reverse("members:duty-hand-over", args=[duty.pk]))
        assert page.status_code == 200
        assert case.get_absolute_url() not in page.content.decode()
        assert [count for _words, count in consequences(line.county)] == [0]

    def test_a_case_is_not_passed_on_as_a_task(self, line):
        case, _code = make_case(line)
        with pytest.raises(DomainError) as refused:
            todo_delegate(actor=fresh(line.cadre), key=case.get_absolute_url(), to=line.chair)
        assert refused.value.code == "confidential"

    def test_asking_whether_somebody_can_open_a_page_leaves_no_trace(self, line):
        case = make_handled_case(line)
        applicants.case_write_by_applicant(case=case, text="请联系我。")
        entries = AuditEntry.objects.count()
        assert can_open(fresh(line.cadre), case.get_absolute_url())
        assert AuditEntry.objects.count() == entries
        assert case.messages.unread(by_staff=True).exists()

    def test_reasons_stand_in_the_notes_of_the_case_alone(self, line):
        case = closed(line)
        case = closing.case_reopen(actor=line.cadre, case=case, reason=REASON)
        case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.ADVISED, result="已答复")
        case = closing.case_return(actor=line.chair, case=case, reason=REASON)
        cases.case_transfer(actor=line.cadre, case=case, organization=line.city, reason=REASON)
        assert [step.note for step in case.steps.order_by("pk")] == [REASON] * 3
        assert not AuditEntry.objects.filter(note__contains=REASON[:6]).exists()


class TestNobodyLeft:
    def test_who_lost_access_is_told_nothing_and_others_get_the_case(self, line, unit):
        case = make_handled_case(line, employer=UNIT)
        Member.objects.filter(pk=line.cadre.pk).update(organization=unit)
        Message.objects.all().delete()
        applicants.case_write_by_applicant(case=case, text="请联系我。")
        told = set(Message.objects.filter(kind__startswith="rights.").values_list("recipient_id", flat=True))
        assert line.cadre.pk not in told
        assert line.chair.pk in told
        assert case_staff(RightsCase.objects.get(pk=case.pk)) == [line.chair]

    def test_the_page_names_only_those_who_can_still_open_the_case(self, client, line, unit):
        case = make_handled_case(line, employer=UNIT)
        page = sign_in(client, line.chair).get(case.get_absolute_url())
        assert line.cadre in {row.member for row in page.context["people"]}
        Member.objects.filter(pk=line.cadre.pk).update(organization=unit)
        page = client.get(case.get_absolute_url())
        assert {row.member for row in page.context["people"]} == {line.chair}

    def test_a_case_that_fails_holds_up_no_other(self, line, monkeypatch, left_out):
        first, second = make_handled_case(line), make_handled_case(line)
        Duty.objects.filter(member__in=[line.cadre, line.chair]).update(valid_until=timezone.localdate())
        give = assigning.case_give_to_union

        def fails_once(case):
            if case.pk == first.pk:
                raise ValueError("planted")
            give(case)

        monkeypatch.setattr(assigning, "case_give_to_union", fails_once)
        assert cases_keep_time() == 1
        assert not opens(line.city_chair, first)
        assert opens(line.city_chair, second)
        assert StepFailure.objects.get().task == "rights.keep_time"
        assert len(left_out) == 1

    def test_without_anybody_who_may_act_it_goes_to_those_who_may(self, line):
        case = make_handled_case(line)
        reviewer = make_staff(line.county, role=Role.REVIEWER)
        case_give(case, [reviewer], AssignedAs.SUPERVISOR)
        Duty.objects.filter(member__in=[line.cadre, line.chair]).update(valid_until=timezone.localdate())
        assert people_of(RightsCase.objects.get(pk=case.pk)) == [reviewer]
        assert cases_keep_time() == 1
        assert cases_keep_time() == 0
        assert opens(line.city_chair, case)

    def test_a_message_on_a_closed_case_that_nobody_can_open_reaches_somebody(self, line):
        case = closed(line)
        Duty.objects.filter(member__in=[line.cadre, line.chair]).update(valid_until=timezone.localdate())
        applicants.case_write_by_applicant(case=case, text="单位没有履行。")
        assert opens(line.city_chair, case)


class TestClocks:
    def test_limitation_runs_again_after_reopening_and_after_an_objection(self, line):
        day = timezone.localdate() - timedelta(days=30)
        case = closed(line, known_on=day)
        assert not deadline_of(case, LIMITATION).is_open
        case = closing.case_reopen(actor=line.cadre, case=case, reason=REASON)
        assert deadline_of(case, LIMITATION).is_open
        other, _code = make_case(line, known_on=day)
        other = applicants.case_object(case=cases.case_decline(actor=line.cadre, case=other, reason="不受理"))
        assert deadline_of(other, LIMITATION).is_open
        deadlines_keep_time()

    def test_a_case_closed_over_an_unanswered_message_waits_for_nothing(self, line):
        case = make_handled_case(line)
        applicants.case_write_by_applicant(case=case, text="请联系我。")
        case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.ADVISED, result="已答复")
        case = closing.case_close(actor=line.chair, case=case)
        assert case.written_by is None
        applicants.case_write_by_applicant(case=case, text="还有一个问题。")
        assert RightsCase.objects.get(pk=case.pk).written_by is not None

    def test_a_day_before_the_law_is_no_fault(self, line):
        case, _code = make_case(line, known_on=date(2005, 3, 1))
        assert deadline_of(case, LIMITATION) is None
        assert case.state == CaseState.SUBMITTED

    def test_the_answer_to_a_closing_ends_with_it(self, line):
        case = applicants.case_answer(case=closed(line), solved=Solved.YES, answer="谢谢")
        case = closing.case_reopen(actor=line.cadre, case=case, reason=REASON)
        assert (case.solved, case.answer, case.answered_at, case.result) == ("", None, None, None)
