"""The journey of a request over HTTP: asked on a phone, handled on the desk, followed with the receipt."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal.audit.models import AuditEntry
from portal.core.roles import Role
from rights.choices.cases import CaseCategory, CaseState, Naming, Outcome, Solved, StepKind
from rights.models import RightsCase
from rights.services.cases import case_assign
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_unit
from tests.factories.rights import make_case, make_handled_case, make_line, make_rights_law

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\d{4}-\d{4}-\d{4}-\d{4}")


@pytest.fixture(autouse=True)
def law():
    make_rights_law()


@pytest.fixture
def line():
    return make_line()


def typed(line, **fields):
    return {
        "naming": Naming.ANONYMOUS,
        "region": line.region.pk,
        "category": CaseCategory.LEAVE_PAY,
        "period": "maternity",
        "story": "产假期间只发了最低工资。",
        "agreed": "on",
        **fields,
    }


def desk(member):
    return sign_in(Client(), member)


def post(client, name, pk, data=None):
    answer = client.post(reverse(f"rights:{name}", args=[pk]), data or {})
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_the_journey_from_the_phone_to_the_closing_and_back(line):
    phone = Client()
    assert phone.get(reverse("rights:help-ask")).status_code == 200
    answer = phone.post(reverse("rights:help-ask"), typed(line), follow=True)
    code = CODE.search(answer.content.decode()).group()
    assert phone.post(reverse("rights:help-code"), {"code": code}).status_code == 302
    assert CODE.search(phone.get(reverse("rights:help-code"), follow=True).content.decode()) is None

    case = RightsCase.objects.get()
    county, second = desk(line.cadre), desk(line.chair)
    assert county.get(case.get_absolute_url()).status_code == 200
    post(county, "case-accept", case.pk)
    post(county, "case-step", case.pk, {"kind": StepKind.NEGOTIATE, "on": timezone.localdate().isoformat()})
    post(county, "case-write", case.pk, {"text": "请补充工资条。"})

    followed = phone.post(reverse("rights:help-follow"), {"code": code}, follow=True).content.decode()
    assert "请补充工资条。" in followed
    assert str(StepKind.NEGOTIATE.label) in followed
    assert line.cadre.name not in followed
    assert phone.post(reverse("rights:help-followed"), {"text": "已发到邮箱。"}).status_code == 302
    page = county.get(case.get_absolute_url()).content.decode()
    assert "已发到邮箱。" in page

    post(county, "case-propose", case.pk, {"outcome": Outcome.NEGOTIATED, "result": "单位补发了差额。"})
    assert county.get(reverse("rights:case-approve", args=[case.pk])).status_code == 403
    post(second, "case-approve", case.pk)
    closed = phone.get(reverse("rights:help-followed")).content.decode()
    assert "单位补发了差额。" in closed
    answered = phone.post(reverse("rights:help-answer"), {"solved": Solved.NO, "answer": "还差一个月。"})
    assert answered.status_code == 302
    case.refresh_from_db()
    assert (case.solved, case.answer) == (Solved.NO, "还差一个月。")
    assert phone.post(reverse("rights:help-reopen"), {"text": "还差一个月。"}).status_code == 302
    case.refresh_from_db()
    # The answer belonged to the closing, which no longer counts.
    assert (case.state, case.solved, case.answer) == (CaseState.HANDLING, "", None)


def test_every_opening_is_recorded_in_the_transaction_of_the_reading(line):
    case = make_handled_case(line)
    client = desk(line.cadre)
    client.get(case.get_absolute_url())
    client.get(case.get_absolute_url())
    opened = AuditEntry.objects.filter(action="case.opened", about_id=case.pk)
    assert [entry.actor_id for entry in opened] == [line.cadre.pk, line.cadre.pk]


def test_whoever_asks_while_signed_in_leaves_no_trace_of_the_account(line):
    member = make_member(make_unit(line.county), name="示例周")
    client = sign_in(Client(), member)
    before = AuditEntry.objects.filter(actor=member).count()
    client.post(reverse("rights:help-ask"), typed(line))
    case = RightsCase.objects.get()
    assert AuditEntry.objects.filter(actor=member).count() == before
    assert case.unit is None
    assert member.pk not in {value for name, value in vars(case).items() if name.endswith("_id")}


@pytest.mark.parametrize("name", ["name", "story", "agreed", "region", "category"])
def test_what_is_missing_is_named_and_nothing_typed_is_lost(line, name):
    data = typed(line, naming=Naming.NAMED, name="示例李", wish="想要补发工资")
    data.pop(name)
    answer = Client().post(reverse("rights:help-ask"), data)
    assert answer.status_code == 422
    assert "想要补发工资" in answer.content.decode()
    assert not RightsCase.objects.exists()


def test_name_and_phone_of_a_request_without_a_name_are_not_stored(line):
    Client().post(reverse("rights:help-ask"), typed(line, name="示例李", phone="12000000031"))
    case = RightsCase.objects.get()
    assert (case.name, case.phone) == (None, None)


def test_requests_from_one_network_are_limited(line):
    client = Client()
    answers = [client.post(reverse("rights:help-ask"), typed(line)).status_code for _number in range(11)]
    assert answers == [302] * 10 + [429]


def test_a_declined_request_is_taken_to_the_level_above_by_its_applicant(line):
    case, code = make_case(line)
    post(desk(line.cadre), "case-decline", case.pk, {"reason": "请向劳动监察部门反映。"})
    phone = Client()
    page = phone.post(reverse("rights:help-follow"), {"code": code}, follow=True).content.decode()
    assert "请向劳动监察部门反映。" in page
    assert phone.post(reverse("rights:help-object")).status_code == 302
    case.refresh_from_db()
    assert case.organization == line.city
    assert desk(line.cadre).get(case.get_absolute_url()).status_code == 404
    assert desk(line.city_chair).get(case.get_absolute_url()).status_code == 200


def test_the_reason_for_stepping_out_is_read_by_supervisors_only(line):
    case = make_handled_case(line)
    other = make_staff(line.county, role=Role.CADRE)
    case_assign(actor=line.chair, case=case, member=other)
    post(desk(line.cadre), "case-leave", case.pk, {"reason": "是亲属"})
    assert "是亲属" in desk(line.chair).get(case.get_absolute_url()).content.decode()
    assert "是亲属" not in desk(other).get(case.get_absolute_url()).content.decode()


def test_the_list_shows_own_cases_only(line):
    mine, other = make_handled_case(line), make_handled_case(make_line("230202"))
    page = desk(line.cadre).get(reverse("rights:case-list")).content.decode()
    assert mine.number in page
    assert other.number not in page
    assert mine.number not in desk(line.city_chair).get(reverse("rights:case-list")).content.decode()


def test_a_photo_is_kept_as_sent_and_shown_without_where_it_was_taken(line):
    photo = picture_with_place()
    phone = Client()
    sent = SimpleUploadedFile("孕检 报告（2）.JPG", photo, content_type="image/jpeg")
    assert phone.post(reverse("rights:help-ask"), {**typed(line), "file": sent}).status_code == 302
    case = RightsCase.objects.get()
    file = case.files.get()
    county = desk(line.cadre)
    shown = b"".join(county.get(reverse("rights:case-file", args=[file.pk])).streaming_content)
    assert not Image.open(BytesIO(shown)).getexif()
    answer = county.get(reverse("rights:case-original", args=[file.pk]))
    assert b"".join(answer.streaming_content) == photo
    assert "%E5%AD%95%E6%A3%80" in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action="case.file_read", actor=line.cadre).count() == 2
    assert desk(line.city_chair).get(reverse("rights:case-file", args=[file.pk])).status_code == 404


def picture_with_place():
    """Return a JPEG whose metadata tell where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (45.0, 45.0, 0.0), 3: "E", 4: (126.0, 38.0, 0.0)}
    stream = BytesIO()
    Image.new("RGB", (640, 480), "navy").save(stream, "JPEG", exif=exif)
    return stream.getvalue()
