"""What is deleted of a case, when, and what stays."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from rights import retention, rules
from rights.choices.cases import CaseState, Outcome, ProtectedPeriod, StepKind
from rights.models import CaseLedgerEntry, RightsCase
from rights.services import applicants, cases, closing, steps
from rights.services.files import file_add
from tests.factories.members import sign_in
from tests.factories.rights import make_case, make_handled_case, make_line, make_rights_law

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF"
TEXTS = {"story": "孕期被口头辞退", "wish": "恢复岗位", "name": "示例金丝雀", "employer": "示例金丝雀厂"}
KEPT = retention.KEPT


@pytest.fixture(autouse=True)
def law():
    make_rights_law()


@pytest.fixture
def line():
    return make_line()


def closed_case(line):
    """A case with a message, a note and a file, closed today."""
    case = make_handled_case(line, **TEXTS)
    applicants.case_write(actor=line.cadre, case=case, text="请带上合同")
    steps.step_add(actor=line.cadre, case=case, kind=StepKind.NOTE, on=timezone.localdate(), note="与单位通话")
    file_add(actor=line.cadre, case=case, file=SimpleUploadedFile("a.pdf", PDF, "application/pdf"))
    case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.NEGOTIATED, result="已恢复岗位")
    return closing.case_close(actor=line.chair, case=case)


def swept(now):
    rule = next(rule for rule in retention.RULES if rule.code == "rights.cases")
    return rule.purge(rule.find(now)), rule.purge(rule.find(now))


def sealed_left(case):
    """Return the encrypted columns of the case and its rows that still hold something."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT num_nonnulls(name, phone, employer, kept_away, story, wish, reason, result, answer)"
            " FROM rights_rightscase WHERE id = %s",
            [case.pk],
        )
        columns = cursor.fetchone()[0]
    rows = case.steps.filter(note__isnull=False).count() + case.messages.count()
    return columns + rows + case.files.filter(stored__deleted_at=None).count()


def test_three_years_after_the_closing_the_texts_go_and_a_stub_stays(client, line):
    case = closed_case(line)
    number, closed_at = case.number, case.closed_at
    assert sealed_left(case) >= 8
    assert swept(closed_at + KEPT - timedelta(minutes=1)) == (0, 0)
    assert swept(closed_at + KEPT) == (1, 0)
    kept = RightsCase.objects.get(pk=case.pk)
    assert sealed_left(kept) == 0
    assert (kept.number, kept.category, kept.outcome, kept.closed_at) == (
        number,
        case.category,
        "negotiated",
        closed_at,
    )
    assert (kept.receipt_hash, kept.unit) == (None, None)
    assert CaseLedgerEntry.objects.count() == 3
    entry = AuditEntry.objects.get(action="case.emptied")
    assert (entry.about_id, entry.actor, entry.data) == (case.pk, None, {})
    page = sign_in(client, line.cadre).get(case.get_absolute_url()).content.decode()
    assert "内容已删除。" in page
    assert kept.period == ProtectedPeriod.NONE
    for rule in (rules.can_write_to_applicant, rules.can_reopen_case):
        assert not rule(line.cadre, kept)
    assert "金丝雀" not in page


def test_what_is_open_stays_however_old_it_is(line):
    case, _code = make_case(line, **TEXTS)
    handled = make_handled_case(line, **TEXTS)
    assert swept(timezone.now() + 3 * KEPT) == (0, 0)
    assert sealed_left(case) >= 4
    assert sealed_left(handled) >= 4


def test_a_reopened_case_counts_from_its_last_closing(line):
    case = closed_case(line)
    first = case.closed_at
    case = closing.case_reopen(actor=line.cadre, case=case, reason="又被调岗")
    assert retention.deleted_on(case) is None
    assert swept(first + 2 * KEPT) == (0, 0)


def test_a_case_in_which_somebody_waits_for_an_answer_stays(line):
    case = closed_case(line)
    applicants.case_write_by_applicant(case=case, text="还有一个问题")
    assert swept(timezone.now() + 2 * KEPT) == (0, 0)
    applicants.case_write(actor=line.chair, case=RightsCase.objects.get(pk=case.pk), text="请讲")
    assert swept(timezone.now() + 2 * KEPT) == (1, 0)


def test_a_declined_request_goes_too(line):
    case, _code = make_case(line, **TEXTS)
    case = cases.case_decline(actor=line.cadre, case=case, reason="不属于受理范围")
    assert retention.deleted_on(case) == case.declined_at + KEPT
    assert swept(case.declined_at + KEPT - timedelta(minutes=1)) == (0, 0)
    assert swept(case.declined_at + KEPT) == (1, 0)
    kept = RightsCase.objects.get(pk=case.pk)
    assert (kept.state, sealed_left(kept)) == (CaseState.NOT_ACCEPTED, 0)


def test_both_sides_read_when_it_is_deleted(client, line):
    case = closed_case(line)
    day = timezone.localtime(case.closed_at + KEPT).strftime("%Y-%m-%d")
    assert day in sign_in(client, line.cadre).get(case.get_absolute_url()).content.decode()
    client.logout()
    code = receipt_of(line)
    client.post(reverse("rights:help-follow"), {"code": code})
    assert day in client.get(reverse("rights:help-followed")).content.decode()


def receipt_of(line):
    """Return the code of a case that is closed today."""
    case, code = make_case(line, **TEXTS)
    case = cases.case_accept(actor=line.cadre, case=case)
    case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.ADVISED, result="已答复")
    closing.case_close(actor=line.chair, case=case)
    return code
