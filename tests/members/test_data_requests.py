"""Requests to correct or delete one's data, and the desk that answers in time."""

import contextlib
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.deadlines.services import deadline_day
from portal.deadlines.todo import items_for
from portal.members.choices import DataRequestState
from portal.members.models import DataRequest
from portal.members.services.data_requests import CLOCK, data_request_open, data_request_settle, data_request_withdraw
from portal.messaging.models import Message
from portal.organizations.choices import DayKind
from portal.organizations.models import CalendarDay
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.threads import at_once

WORDS = "我的出生日期写错了"
ANSWER = "已按身份证更正"


@pytest.fixture
def city(db):
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def asked(city):
    return data_request_open(member=make_member(make_unit(city)), kind="correct", words=WORDS)


def due_on(day):
    return deadline_day(CLOCK, on=day).day


@contextlib.contextmanager
def refused(code):
    with pytest.raises(DomainError) as raised:
        yield
    assert raised.value.code == code


def settle(row, actor, outcome=DataRequestState.DONE):
    return data_request_settle(row=row, actor=actor, outcome=outcome, answer=ANSWER)


def test_it_is_due_in_fifteen_working_days(db):
    assert due_on(date(2026, 11, 20)) == date(2026, 12, 11)
    assert due_on(date(2026, 11, 23)) == date(2026, 12, 14)


def test_days_the_administrators_made_free_or_working_count(db):
    CalendarDay.objects.create(day=date(2026, 12, 1), kind=DayKind.HOLIDAY)
    assert due_on(date(2026, 11, 20)) == date(2026, 12, 14)
    CalendarDay.objects.create(day=date(2026, 12, 5), kind=DayKind.WORKING)
    assert due_on(date(2026, 11, 20)) == date(2026, 12, 11)


def test_the_clock_stands_on_the_page_with_its_law(client, city, asked):
    page = sign_in(client, make_staff(city)).get(asked.get_absolute_url()).content.decode()
    assert "15 个工作日" in page
    assert f'datetime="{asked.due_on.isoformat()}"' in page
    assert "第五十条" in page
    listed = client.get(reverse("members:request-list")).content.decode()
    assert "15 个工作日" in listed


def test_a_request_is_encrypted_and_stands_in_the_audit_without_its_words(asked):
    assert DataRequest.objects.get(pk=asked.pk).words == WORDS
    assert asked.due_on == due_on(timezone.localdate())
    (entry,) = AuditEntry.objects.about(asked)
    assert (entry.action, entry.actor_id, entry.data) == ("member.data_request", asked.member_id, {"kind": "correct"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(r::text, '') FROM members_datarequest r")
        assert WORDS not in cursor.fetchone()[0]


def test_one_open_request_of_a_kind(asked):
    with refused("asked"):
        data_request_open(member=asked.member, kind="correct", words="again")
    assert data_request_open(member=asked.member, kind="delete", words="all").pk
    data_request_withdraw(row=asked, actor=asked.member)
    assert data_request_open(member=asked.member, kind="correct", words="again").pk
    assert DataRequest.objects.filter(member=asked.member).count() == 3


def test_a_double_click_is_one_request(fresh_database):
    member = make_member()
    at_once(lambda _number: data_request_open(member=member, kind="delete", words="x"), range(6))
    assert DataRequest.objects.count() == 1


def test_her_unit_and_those_above_it_find_it_in_their_to_do(city, asked):
    roles = {role for role in Role if items_for(make_staff(city, role))}
    assert roles == {Role.CHAIR, Role.CADRE, Role.MATCHMAKING_OFFICER}
    assert items_for(make_staff(make_organization())) == []
    (item,) = items_for(make_staff(city))
    assert item.url == asked.get_absolute_url()
    assert timezone.localtime(item.due_at).date() > asked.due_on


@pytest.mark.parametrize("outcome", [DataRequestState.DONE, DataRequestState.REFUSED])
def test_an_answer_reaches_her(client, city, asked, outcome):
    chair = make_staff(city)
    sign_in(client, chair)
    sent = {"outcome": outcome.value, "answer": ANSWER}
    assert client.post(reverse("members:request-settle", args=[asked.pk]), sent).status_code == 302
    row = DataRequest.objects.get(pk=asked.pk)
    assert (row.state, row.answer, row.settled_by) == (outcome, ANSWER, chair)
    (message,) = Message.objects.filter(recipient=asked.member)
    assert ANSWER not in str(message.context)
    sign_in(client, asked.member)
    assert ANSWER in client.get(message.url).content.decode()
    assert client.get(reverse("messaging:inbox")).status_code == 200
    assert items_for(chair) == []


@pytest.mark.parametrize("state", [state for state in DataRequestState if state != DataRequestState.OPEN])
def test_what_is_settled_is_not_settled_again(city, asked, state):
    if state == DataRequestState.WITHDRAWN:
        data_request_withdraw(row=asked, actor=asked.member)
    else:
        settle(asked, make_staff(city), state)
    before = DataRequest.objects.values().get(pk=asked.pk)
    with pytest.raises(DomainError):
        settle(asked, make_staff(city))
    with pytest.raises(DomainError):
        data_request_withdraw(row=asked, actor=asked.member)
    assert {**DataRequest.objects.values().get(pk=asked.pk), "words": "", "answer": ""} == {
        **before, "words": "", "answer": "",
    }  # fmt: skip


def test_nobody_answers_her_own_and_only_she_takes_it_back(city):
    chair = make_staff(city)
    own = data_request_open(member=chair, kind="correct", words=WORDS)
    with refused("own"):
        settle(own, chair)
    with refused("not-yours"):
        data_request_withdraw(row=own, actor=make_staff(city))
    assert DataRequest.objects.get(pk=own.pk).state == DataRequestState.OPEN
    assert items_for(chair) == []


def test_who_sees_it(client, city, asked):
    path = reverse("members:request-detail", args=[asked.pk])
    answers = {role: sign_in(client, make_staff(city, role)).get(path).status_code for role in Role}
    seen = {role for role, status in answers.items() if status == 200}
    assert seen == {Role.CHAIR, Role.CADRE, Role.MATCHMAKING_OFFICER}
    assert {status for status in answers.values() if status != 200} == {404}
    assert sign_in(client, asked.member).get(path).status_code == 200
    assert sign_in(client, make_member(asked.member.organization)).get(path).status_code == 404
    assert sign_in(client, make_staff(make_organization())).get(path).status_code == 404
    assert sign_in(client, asked.member).get(reverse("members:request-settle", args=[asked.pk])).status_code == 403


def test_the_journey_from_me(client, city):
    member = make_member(make_unit(city))
    sign_in(client, member)
    assert client.get(reverse("members:request-create", args=["sell"])).status_code == 404
    path = reverse("members:request-create", args=["delete"])
    assert client.get(path).status_code == 200
    assert client.post(path, {"words": ""}).status_code == 422
    assert client.post(path, {"words": WORDS}).status_code == 302
    row = member.data_requests.get()
    assert row.get_absolute_url() in client.get(reverse("members:me")).content.decode()
    assert client.post(path, {"words": WORDS}).status_code == 422
    client.post(reverse("members:request-withdraw", args=[row.pk]))
    assert member.data_requests.get().state == DataRequestState.WITHDRAWN


def test_the_list_shows_those_she_may_answer(client, city, asked):
    other = data_request_open(member=make_member(make_organization()), kind="delete", words="x")
    sign_in(client, make_staff(city))
    rows = [row.record for row in client.get(reverse("members:request-list")).context["table"].page.object_list]
    assert rows == [asked]
    assert other not in rows
    assert sign_in(client, make_staff(city, Role.REVIEWER)).get(reverse("members:request-list")).status_code == 403
