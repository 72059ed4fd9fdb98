"""Who learns of a case: the applicant's own unit, the employer and others learn nothing, by any entry point.

Every page is read before and after the request, and while the case moves: not a letter may change.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.roles import Role
from portal.deadlines.models import Deadline
from portal.members.services.data_requests import data_request_open
from portal.messaging.models import Message
from portal.statistics.services.recounting import recount
from rights.choices.cases import Outcome, Solved, StepKind
from rights.services import applicants, cases, closing, steps
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.organizations import make_unit
from tests.factories.rights import make_case, make_line, make_rights_law, make_shift, make_station

pytestmark = pytest.mark.django_db
UNIT = "示例毛纺厂工会"
STORY = "车间主任口头通知孕期不用再来。"


@pytest.fixture(autouse=True)
def law():
    make_rights_law()


class World:
    """A unit of a county, its people, another county, and a case about the unit."""

    def __init__(self):
        self.line, self.other = make_line(), make_line("230202")
        self.unit = make_unit(self.line.county, name=UNIT)
        self.woman = make_member(self.unit, name="示例沈")
        self.chair = make_staff(self.unit)
        self.contact = make_staff(self.unit, role=Role.CADRE)
        self.colleague = make_member(self.unit)
        self.duty = make_duty(make_member(self.unit), self.unit, Role.REVIEWER)
        self.officer = make_shift(make_station(self.line.city), make_staff(self.line.city)).member
        self.case = None

    def submit(self):
        self.case, _code = make_case(
            self.line, name="示例沈", phone="12000000044", employer=UNIT, story=STORY, known_on=timezone.localdate()
        )

    def move(self):
        """Take the case from its acceptance to its reopening."""
        case, line = self.case, self.line
        applicants.case_write_by_applicant(case=case, text="请尽快联系。")
        case = cases.case_accept(actor=line.cadre, case=case)
        steps.step_add(actor=line.cadre, case=case, kind=StepKind.MEDIATE, on=timezone.localdate(), note="已约谈单位")
        case = closing.case_propose(actor=line.cadre, case=case, outcome=Outcome.MEDIATED, result="恢复劳动关系。")
        case = closing.case_close(actor=line.chair, case=case)
        applicants.case_answer(case=case, solved=Solved.PARTLY)
        applicants.case_reopen_by_applicant(case=case, text="单位没有履行。")


@pytest.fixture
def world():
    return World()


PLAIN = [
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r'nonce="[^"]+"'), "nonce"),
    (re.compile(r'"X-CSRFToken": "[^"]+"'), "token"),
    (re.compile(r"/cases/\d+/"), "/cases/N/"),
    (re.compile(r"\d+ (minutes?|seconds?) ago|\d+\s*(分钟|秒)前|刚刚"), "ago"),
]


def text_of(client, url):
    answer = client.get(url)
    text = answer.content.decode()
    for pattern, word in PLAIN:
        text = pattern.sub(word, text)
    return answer.status_code, re.sub(r"[0-9A-Za-z+/=_-]{60,}", "random", text)


def pages_of_the_unit(world):
    """Return the addresses that the people of the unit may open, or may try."""
    unit, woman = world.unit.pk, world.woman.pk
    request = data_request_open(member=world.colleague, kind="delete", words="请删除我的资料。")
    return [
        reverse("home"),
        reverse("members:me"),
        reverse("members:member-list"),
        reverse("members:member-detail", args=[woman]),
        reverse("members:member-readers"),
        reverse("members:request-detail", args=[request.pk]),
        reverse("members:request-settle", args=[request.pk]),
        reverse("members:transfer-list"),
        reverse("members:duty-list"),
        reverse("members:duty-hand-over", args=[world.duty.pk]),
        reverse("organizations:organization-detail", args=[unit]),
        reverse("organizations:organization-merge", args=[unit]),
        reverse("organizations:organization-close", args=[unit]),
        reverse("deadlines:deadline-list"),
        reverse("messaging:inbox"),
        reverse("exchange:export-run-list"),
        reverse("audit:entry-list"),
        reverse("statistics:dashboard"),
        reverse("statistics:explorer"),
        reverse("statistics:published"),
        reverse("rights:case-list"),
        reverse("rights:ledger-list"),
        reverse("rights:station-find"),
        reverse("rights:case-detail", args=[2**31]),
    ]


READERS = {
    "chair of the unit": lambda world: world.chair,
    "contact of the employer": lambda world: world.contact,
    "member of the unit": lambda world: world.colleague,
    "chair of another county": lambda world: world.other.chair,
    "officer of a station": lambda world: world.officer,
}


@pytest.mark.parametrize("who", READERS)
def test_no_page_changes_with_a_case(world, who):
    reader = READERS[who](world)
    client = sign_in(Client(), reader)
    urls = pages_of_the_unit(world)
    recount()
    before = {url: text_of(client, url) for url in urls}
    world.submit()
    world.move()
    recount()
    after = {url: text_of(client, url) for url in urls}
    assert [url for url in urls if before[url] != after[url]] == []
    assert {status for status, _text in before.values()} <= {200, 403, 404}
    assert sum(status == 200 for status, _text in before.values()) >= 5


@pytest.mark.parametrize("who", [*READERS, "chair of the city", "chair of the province"])
def test_a_case_answers_as_one_that_does_not_exist(world, who):
    above = {"chair of the city": world.line.city_chair, "chair of the province": world.line.province_chair}
    reader = above.get(who) or READERS[who](world)
    client = sign_in(Client(), reader)
    world.submit()
    for name in ("detail", "accept", "step", "transfer", "leave"):
        there = text_of(client, reverse(f"rights:case-{name}", args=[world.case.pk]))
        nowhere = text_of(client, reverse(f"rights:case-{name}", args=[world.case.pk + 1000]))
        assert there == nowhere
        assert there[0] == 404


def test_only_the_people_of_the_case_are_told(world):
    world.submit()
    world.move()
    told = set(Message.objects.filter(kind__startswith="rights.").values_list("recipient_id", flat=True))
    assert told <= {world.line.chair.pk, world.line.cadre.pk}


def test_the_deadlines_of_a_case_are_seen_with_the_case(world):
    world.submit()
    world.move()
    ours = Deadline.objects.filter(code__startswith="rights.")
    assert ours.visible_to(world.line.cadre).exists()
    for reader in (world.chair, world.contact, world.officer, world.line.city_chair, world.other.chair):
        assert not ours.visible_to(reader).exists()


def test_the_person_herself_leaves_no_trace_in_her_own_pages_and_data(world):
    client = sign_in(Client(), world.woman)
    urls = [reverse("members:me"), reverse("members:account-history"), reverse("home"), reverse("messaging:inbox")]
    before = {url: text_of(client, url) for url in urls}
    world.submit()
    assert {url: text_of(client, url) for url in urls} == before


def test_the_audit_names_the_case_the_staff_and_the_county_only(world):
    world.submit()
    sign_in(Client(), world.line.cadre).get(world.case.get_absolute_url())
    world.move()
    entries = AuditEntry.objects.filter(about_model="rights.rightscase", about_id=world.case.pk)
    assert {entry.actor_id for entry in entries} <= {None, world.line.cadre.pk, world.line.chair.pk}
    assert {entry.organization_path for entry in entries} == {world.line.county.path}
    assert entries.filter(action="case.opened", actor=world.line.cadre).exists()
    for entry in entries:
        words = f"{entry.note} {entry.data} {entry.fields}"
        for text in ("示例沈", UNIT, "车间主任", "约谈", "恢复劳动关系", "没有履行", "12000000044"):
            assert text not in words
