"""Cases: where a request goes, who may open it, and what becomes of it."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.deadlines.choices import DeadlineState
from portal.deadlines.models import Deadline
from portal.members.models import Duty
from portal.messaging.models import Message
from rights import rules
from rights.choices.cases import AssignedAs, CaseState, LedgerKind, Naming, Outcome, Solved, StepKind
from rights.models import CaseLedgerEntry, RightsCase
from rights.selectors.cases import receiving_union, who_may_handle
from rights.services import applicants, cases, closing, steps
from rights.services.assigning import cases_keep_time
from tests.factories.members import make_duty, make_member, make_staff
from tests.factories.organizations import make_organization, make_unit
from tests.factories.rights import make_case, make_handled_case, make_line, make_rights_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    make_rights_law()


@pytest.fixture
def line():
    return make_line()


@pytest.fixture
def set_day(monkeypatch):
    """Return a function that makes a day today, at noon."""

    def of(text):
        noon = timezone.make_aware(datetime.fromisoformat(f"{text}T12:00"))
        monkeypatch.setattr(timezone, "now", lambda: noon)

    return of


def opens(member, case):
    return RightsCase.objects.visible_to(member).filter(pk=case.pk).exists()


class TestWhereARequestGoes:
    def test_to_the_county_of_the_place_of_work(self, line):
        case, _code = make_case(line)
        assert case.organization == line.county
        assert case.number == ""

    def test_above_the_county_that_is_the_employer(self, line):
        case, _code = make_case(line, employer=line.county.name)
        assert case.organization == line.city

    def test_above_a_county_where_somebody_belongs_to_the_unit(self, line):
        unit = make_unit(line.county, name="示例毛纺厂工会")
        make_duty(make_member(unit), line.county, Role.REVIEWER)
        case, _code = make_case(line, employer="示例毛纺厂工会")
        assert case.unit == unit
        assert case.organization == line.city

    def test_above_a_county_with_somebody_whom_the_applicant_named(self, line):
        case, _code = make_case(line, kept_away=f"请不要让{line.cadre.name}处理")
        assert case.organization == line.city

    def test_to_the_province_when_nobody_below_may_have_it(self, line):
        case, _code = make_case(line, kept_away=f"{line.cadre.name}、{line.city_chair.name}")
        assert case.organization == line.province

    def test_above_a_county_in_which_nobody_works(self, line):
        Duty.objects.filter(organization=line.county).update(valid_until=timezone.localdate())
        case, _code = make_case(line)
        assert case.organization == line.city

    def test_the_province_keeps_what_it_must_but_not_with_those_named(self, line):
        other = make_staff(line.province)
        named = f"{line.cadre.name} {line.city_chair.name} {line.province_chair.name}"
        case, _code = make_case(line, kept_away=named)
        assert case.organization == line.province
        assert not opens(line.province_chair, case)
        assert opens(other, case)

    def test_an_objection_goes_one_level_up(self, line):
        assert receiving_union(line.region, None, "", above=line.county) == line.city
        assert receiving_union(line.region, None, "", above=line.city) == line.province
        assert receiving_union(line.region, None, "", above=line.province) == line.province


class TestWhatIsStored:
    def test_a_request_without_a_name_stores_neither_name_nor_phone(self, line):
        case, _code = make_case(line, naming=Naming.ANONYMOUS)
        row = RightsCase.objects.get(pk=case.pk)
        assert (row.name, row.phone) == (None, None)

    def test_texts_are_not_in_clear_in_the_database(self, line):
        from django.db import connection

        case, code = make_case(line)
        with connection.cursor() as cursor:
            cursor.execute("SELECT c::text FROM rights_rightscase c WHERE id = %s", [case.pk])
            row = cursor.fetchone()[0]
        for text in ("示例李", "12000000031", "示例纺织厂", "口头通知", code, code.replace("-", "")):
            assert text not in row

    def test_no_column_leads_to_an_account(self):
        people = {
            field.name
            for field in RightsCase._meta.concrete_fields
            if field.is_relation and field.related_model._meta.label == "members.Member"
        }
        assert people == {"proposed_by"}


class TestWhoMayOpenIt:
    def test_a_duty_above_opens_nothing(self, line):
        case, _code = make_case(line)
        assert opens(line.cadre, case)
        assert opens(line.chair, case)
        assert not opens(line.city_chair, case)
        assert not opens(line.province_chair, case)

    def test_a_duty_given_later_opens_nothing(self, line):
        case, _code = make_case(line)
        assert not opens(make_staff(line.county), case)

    def test_an_assignment_ends_with_the_duty(self, line):
        case, _code = make_case(line)
        Duty.objects.filter(member=line.cadre).update(valid_until=timezone.localdate())
        assert not opens(type(line.cadre).objects.get(pk=line.cadre.pk), case)

    def test_nobody_of_the_unit_opens_it_even_if_assigned(self, line):
        unit = make_unit(line.county, name="示例毛纺厂工会")
        case, _code = make_case(line, employer="示例毛纺厂工会")
        line.cadre.organization = unit
        line.cadre.save(update_fields=["organization"])
        assert not opens(type(line.cadre).objects.get(pk=line.cadre.pk), case)
        assert line.cadre not in who_may_handle(case, Capability.EDIT)

    def test_a_case_that_nobody_may_open_any_more_is_given_again(self, line):
        case, _code = make_case(line)
        Duty.objects.filter(member__in=[line.cadre, line.chair]).update(valid_until=timezone.localdate())
        successor = make_staff(line.county)
        assert cases_keep_time() == 1
        assert opens(successor, case)
        assert cases_keep_time() == 0

    def test_an_overdue_request_is_opened_by_those_to_whom_it_was_passed(self, line):
        case, _code = make_case(line)
        Deadline.objects.filter(code="rights.acceptance").update(state=DeadlineState.LATE, passed_to=line.city)
        assert cases_keep_time() == 1
        assert opens(line.city_chair, case)
        assert not opens(line.province_chair, case)
        assert cases_keep_time() == 0

    def test_a_short_name_of_another_city_keeps_nobody_away(self, line):
        make_organization(name="示例远方厂工会", short_name="示例厂", region=make_line("230202").city.region)
        case, _code = make_case(line, employer="示例厂")
        assert case.unit is None


class TestAccepting:
    def test_the_case_gets_its_number_from_the_series_of_the_union(self, line):
        first, second = make_handled_case(line), make_handled_case(line)
        year = timezone.localdate().year
        assert first.number.endswith(f"女维〔{year}〕1号")
        assert second.number.endswith(f"女维〔{year}〕2号")
        assert first.state == CaseState.HANDLING

    def test_the_decision_is_due_within_five_working_days(self, set_day):
        set_day("2026-09-28")
        case, _code = make_case(make_line())
        assert case.due_on == date(2026, 10, 10)

    def test_a_declined_request_goes_to_the_level_above_once(self, line):
        case, _code = make_case(line)
        case = cases.case_decline(actor=line.cadre, case=case, reason="不属于工会受理范围")
        case = applicants.case_object(case=case)
        assert case.organization == line.city
        assert not opens(line.cadre, case)
        assert opens(line.city_chair, case)
        case = cases.case_decline(actor=line.city_chair, case=case, reason="同上")
        with pytest.raises(DomainError) as refused:
            applicants.case_object(case=case)
        assert refused.value.code == "objected"

    def test_handing_over_ends_the_access_of_those_before(self, line):
        case = make_handled_case(line)
        case = cases.case_transfer(actor=line.cadre, case=case, organization=line.city, reason="案情复杂")
        assert case.state == CaseState.SUBMITTED
        assert not opens(line.cadre, case)
        assert opens(line.city_chair, case)
        number = case.number
        assert cases.case_accept(actor=line.city_chair, case=case).number == number

    def test_a_case_is_never_handed_to_the_applicants_unit(self, line):
        case, _code = make_case(line, employer=line.city.name)
        assert case.organization == line.province
        with pytest.raises(DomainError) as refused:
            cases.case_transfer(actor=line.province_chair, case=case, organization=line.county, reason="属地")
        assert refused.value.code == "own-unit"


class TestAssigning:
    def test_stepping_out_ends_access_at_once_and_for_good(self, line):
        case = make_handled_case(line)
        cases.case_step_out(actor=line.cadre, case=case, reason="与对方有亲属关系")
        assert not opens(line.cadre, case)
        assert opens(line.chair, case)
        with pytest.raises(DomainError) as refused:
            cases.case_assign(actor=line.chair, case=case, member=line.cadre)
        assert refused.value.code == "stepped-out"

    def test_a_supervisor_lifts_it_and_that_alone_opens_nothing(self, line):
        case = make_handled_case(line)
        cases.case_step_out(actor=line.cadre, case=case, reason="与对方有亲属关系")
        assert not rules.can_readmit(line.cadre, case)
        assert rules.can_readmit(line.chair, case)
        with pytest.raises(DomainError) as refused:
            cases.case_readmit(actor=line.chair, case=case, member=line.chair)
        assert refused.value.code == "not-out"
        cases.case_readmit(actor=line.chair, case=case, member=line.cadre)
        assert not opens(line.cadre, case)
        entry = AuditEntry.objects.get(action="case.readmit")
        assert (entry.actor, entry.data) == (line.chair, {"member": line.cadre.pk})
        cases.case_assign(actor=line.chair, case=case, member=line.cadre)
        assert opens(line.cadre, case)

    def test_the_last_one_cannot_step_out_without_somebody_to_follow(self, line):
        Duty.objects.exclude(member=line.cadre).update(valid_until=timezone.localdate())
        case, _code = make_case(line)
        with pytest.raises(DomainError) as refused:
            cases.case_step_out(actor=line.cadre, case=case, reason="回避")
        assert refused.value.code == "nobody-left"
        assert opens(line.cadre, case)

    def test_only_people_who_may_handle_it_are_given_a_case(self, line):
        case = make_handled_case(line)
        with pytest.raises(DomainError) as refused:
            cases.case_assign(actor=line.chair, case=case, member=make_member(line.county))
        assert refused.value.code == "kept-away"


# (kind, day, last day): domain.md G, and /RV19, RV20, RV22 of the published cases.
STEP_DAYS = [
    (StepKind.MEDIATE, date(2026, 9, 20), date(2026, 10, 8)),
    (StepKind.ACCEPTED, date(2019, 6, 13), date(2019, 7, 29)),
    (StepKind.ACCEPTED, date(2026, 4, 10), date(2026, 5, 25)),
    (StepKind.ARBITRATE, date(2026, 9, 28), date(2026, 10, 10)),
]


class TestSteps:
    @pytest.mark.parametrize(("kind", "on", "due"), STEP_DAYS)
    def test_a_step_starts_its_legal_deadline(self, line, kind, on, due):
        case = make_handled_case(line)
        step = steps.step_add(actor=line.cadre, case=case, kind=kind, on=on)
        step.refresh_from_db()
        assert step.due_on == due

    def test_the_next_link_of_arbitration_ends_the_deadline_before(self, line):
        case = make_handled_case(line)
        today = timezone.localdate()
        asked = steps.step_add(actor=line.cadre, case=case, kind=StepKind.ARBITRATE, on=today)
        steps.step_add(actor=line.cadre, case=case, kind=StepKind.ACCEPTED, on=today)
        asked.refresh_from_db()
        assert asked.done_on == today
        assert Deadline.objects.get(code="rights.arbitration").state == DeadlineState.MET

    def test_limitation_runs_a_year_and_ends_with_the_application(self, set_day):
        set_day("2026-03-20")
        line = make_line()
        case = make_handled_case(line, known_on=date(2026, 3, 10))
        case.refresh_from_db()
        assert case.limitation_on == date(2027, 3, 10)
        steps.step_add(actor=line.cadre, case=case, kind=StepKind.ARBITRATE, on=date(2026, 3, 20))
        assert Deadline.objects.get(code="rights.limitation").state == DeadlineState.MET

    def test_a_limitation_that_is_over_reminds_nobody(self, line):
        long_ago = timezone.localdate() - timedelta(days=500)
        case, _code = make_case(line, known_on=long_ago)
        assert not Deadline.objects.filter(code="rights.limitation").exists()
        assert case.limitation_on is None

    def test_what_came_is_written_down_once(self, line):
        case = make_handled_case(line)
        today = timezone.localdate()
        step = steps.step_add(actor=line.cadre, case=case, kind=StepKind.MEDIATE, on=today)
        steps.step_done(actor=line.cadre, step=step, on=today)
        with pytest.raises(DomainError) as refused:
            steps.step_done(actor=line.cadre, step=step, on=today)
        assert refused.value.code == "done"

    def test_a_day_in_the_future_is_refused(self, line):
        case = make_handled_case(line)
        with pytest.raises(DomainError) as refused:
            steps.step_add(actor=line.cadre, case=case, kind=StepKind.NOTE, on=timezone.localdate() + timedelta(days=1))
        assert refused.value.code == "future"


def closed(line, **fields):
    case = make_handled_case(line, **fields)
    case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.NEGOTIATED, result="单位恢复了劳动关系。")
    return closing.case_close(actor=line.chair, case=case)


class TestClosing:
    def test_another_person_approves_it(self, line):
        case = make_handled_case(line)
        case = closing.case_propose(actor=line.chair, case=case, outcome=Outcome.ADVISED, result="已解答。")
        with pytest.raises(DomainError) as refused:
            closing.case_close(actor=line.chair, case=case)
        assert refused.value.code == "not-yours"
        # The county has no second person who may approve: the city has it.
        assert opens(line.city_chair, case)
        assert closing.case_close(actor=line.city_chair, case=case).state == CaseState.CLOSED

    def test_open_deadlines_end_with_the_case(self, line):
        case = make_handled_case(line, known_on=timezone.localdate())
        steps.step_add(actor=line.cadre, case=case, kind=StepKind.MEDIATE, on=timezone.localdate())
        case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.MEDIATED, result="达成调解。")
        closing.case_close(actor=line.chair, case=case)
        assert not Deadline.objects.open().filter(code__startswith="rights.").exists()

    def test_a_reopened_case_no_longer_counts_as_closed(self, line):
        case = closed(line)
        assert CaseLedgerEntry.objects.filter(kind=LedgerKind.CLOSED).count() == 1
        case = applicants.case_reopen_by_applicant(case=case, text="单位又通知我不用来了。")
        assert case.state == CaseState.HANDLING
        assert not CaseLedgerEntry.objects.filter(kind=LedgerKind.CLOSED).exists()
        assert case.messages.count() == 1

    def test_only_a_closed_case_is_reopened_or_answered(self, line):
        case = make_handled_case(line)
        for step in (
            lambda: applicants.case_answer(case=case, solved=Solved.YES),
            lambda: applicants.case_reopen_by_applicant(case=case, text="还没有解决。"),
            lambda: closing.case_reopen(actor=line.chair, case=case, reason="重新处理"),
        ):
            with pytest.raises(DomainError):
                step()

    def test_a_message_on_a_closed_case_reaches_somebody_with_a_deadline(self, line):
        case = closed(line)
        Message.objects.all().delete()
        applicants.case_write_by_applicant(case=case, text="请问调解书什么时候寄出？")
        case.refresh_from_db()
        assert case.written_by is not None
        assert Message.objects.filter(kind="rights.case_written").exists()
        applicants.case_write(actor=line.cadre, case=case, text="本周寄出。")
        case.refresh_from_db()
        assert case.written_by is None
        assert Deadline.objects.get(code="rights.written").state == DeadlineState.MET


class TestAudit:
    def test_steps_of_the_applicant_carry_no_person(self, line):
        case = closed(line)
        applicants.case_answer(case=case, solved=Solved.PARTLY, answer="工资还没有补发。")
        entries = AuditEntry.objects.filter(about_model="rights.rightscase", about_id=case.pk)
        own = entries.filter(action__in=["case.submit", "case.answer"])
        assert {(entry.actor_id, entry.organization_path) for entry in own} == {(None, line.county.path)}

    def test_entries_hold_no_text_of_the_case(self, line):
        case = closed(line)
        applicants.case_write_by_applicant(case=case, text="请尽快联系我。")
        for entry in AuditEntry.objects.filter(about_id=case.pk):
            words = f"{entry.note} {entry.data}"
            for text in ("示例李", "示例纺织厂", "口头通知", "恢复了劳动关系", "尽快联系"):
                assert text not in words

    def test_the_messages_to_staff_name_only_the_number(self, line):
        make_case(line)
        for message in Message.objects.filter(kind__startswith="rights."):
            assert set(message.context) == {"number"}


def test_the_ledger_counts_and_names_nothing(line):
    closed(line)
    rows = CaseLedgerEntry.objects.filter(organization=line.county)
    assert sorted(rows.values_list("kind", flat=True)) == ["accepted", "asked", "closed"]
    names = {field.name for field in CaseLedgerEntry._meta.concrete_fields}
    assert names == {"id", "organization", "kind", "on", "category", "outcome", "released"}


def test_an_assignment_is_made_once(line):
    case = make_handled_case(line)
    cases.case_assign(actor=line.chair, case=case, member=line.cadre)
    assert case.assignments.filter(role=AssignedAs.HANDLER).count() == 1


def test_another_county_sees_nothing(line):
    other = make_line("230202")
    case, _code = make_case(line)
    for member in (other.chair, other.cadre, other.city_chair, make_staff(make_organization())):
        assert not opens(member, case)
