"""Passing an open item on to a colleague whose duties open the page, until settled or taken back."""

import pytest
from django.urls import reverse

from matchmaking.choices.events import EventState
from matchmaking.services.events import event_publish
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Member
from portal.messaging.models import Message, TodoDelegation
from portal.messaging.services.delegating import todo_delegate, todo_take_back
from portal.messaging.todo import items_for
from tests.factories.matchmaking import make_event, put_event
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization()


@pytest.fixture
def cadre(city):
    return make_staff(city, role=Role.CADRE)


@pytest.fixture
def event(city, cadre):
    """An event that waits for its planner to publish it."""
    return make_event(city, state=EventState.APPROVED, created_by=cadre)


@pytest.fixture
def colleague(city):
    return make_staff(city, role=Role.CADRE, name="李同事")


def fresh(member):
    return Member.objects.get(pk=member.pk)


def delegate(actor, event, to):
    return todo_delegate(actor=fresh(actor), key=event.get_absolute_url(), to=fresh(to))


def test_the_colleague_has_it_and_who_passed_it_on_sees_to_whom(client, cadre, event, colleague):
    delegate(cadre, event, colleague)
    (item,) = items_for(fresh(colleague))
    assert (item.url, item.by) == (event.get_absolute_url(), cadre.name)
    assert Message.objects.get(kind="messaging.delegated").recipient == colleague
    sign_in(client, cadre)
    page = client.get("/")
    assert [item.passed_to for item in page.context["todo"]] == [colleague.name]
    assert page.context["shell"].todo == 0


def test_what_is_settled_is_gone_from_both(cadre, event, colleague):
    delegate(cadre, event, colleague)
    put_event(event, EventState.PUBLISHED)
    assert items_for(fresh(colleague)) == []


def test_it_is_taken_back(client, cadre, event, colleague):
    row = delegate(cadre, event, colleague)
    path = reverse("messaging:todo-delegation-end", args=[row.pk])
    sign_in(client, colleague)
    assert client.post(path).status_code == 404
    sign_in(client, cadre)
    assert client.post(path).status_code == 302
    assert items_for(fresh(colleague)) == []
    with pytest.raises(DomainError):
        todo_take_back(delegation=row, actor=cadre)
    assert delegate(cadre, event, colleague).pk != row.pk


@pytest.mark.parametrize("kind", ["editor", "elsewhere", "member", "herself"])
def test_it_goes_to_nobody_whose_duties_do_not_open_it(city, cadre, event, kind):
    to = {
        "editor": lambda: make_staff(city, role=Role.EDITOR),
        "elsewhere": lambda: make_staff(make_organization()),
        "member": lambda: make_member(city),
        "herself": lambda: cadre,
    }[kind]()
    with pytest.raises(DomainError):
        delegate(cadre, event, to)
    assert not TodoDelegation.objects.exists()


def test_twice_or_what_does_not_wait_is_refused(cadre, event, colleague):
    delegate(cadre, event, colleague)
    with pytest.raises(DomainError):
        delegate(cadre, event, colleague)
    with pytest.raises(DomainError):
        todo_delegate(actor=fresh(cadre), key="/members/", to=colleague)
    assert TodoDelegation.objects.count() == 1


def test_two_who_pass_things_on_to_each_other_end(city, cadre, event, colleague):
    make_duty(cadre, city, Role.CHAIR)
    delegate(cadre, event, colleague)
    other = make_event(city, state=EventState.APPROVED, created_by=colleague)
    delegate(colleague, other, cadre)
    assert [item.by for item in items_for(fresh(cadre))] == [colleague.name]
    assert [item.by for item in items_for(fresh(colleague))] == [cadre.name]


def test_the_page(client, cadre, event, colleague):
    sign_in(client, cadre)
    path = reverse("messaging:todo-delegation-create") + f"?item={event.get_absolute_url()}"
    assert client.get(path).status_code == 200
    assert client.get(reverse("messaging:todo-delegation-create") + "?item=/members/").status_code == 404
    assert client.post(path, {"to": colleague.pk, "note": "请代办"}).status_code == 302
    assert TodoDelegation.objects.get().note == "请代办"
    event_publish(event=event, actor=colleague)
    assert client.get("/").context["todo"] == []
