"""Handing over open items by name when a duty ends.

To whom they may go, who is told, and what nobody took.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.services.events import event_publish
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Duty, HandOver, Member
from portal.members.selectors import waiting_by_duty
from portal.members.services.duties import duty_end
from portal.members.services.hand_overs import hand_over, hand_overs_keep_time
from portal.members.todo import items_for
from portal.messaging.models import Message
from tests.factories.matchmaking import make_event, put_event
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization()


@pytest.fixture
def chair(city):
    return make_staff(city)


@pytest.fixture
def leaving(city):
    return make_member(city, name="离任干部")


@pytest.fixture
def duty(city, leaving):
    return make_duty(leaving, city, Role.CADRE, valid_from=timezone.localdate() - timedelta(days=9))


@pytest.fixture
def event(city, leaving, duty):
    """An event that waits for its planner to publish it; nobody else has it on their list."""
    return make_event(city, state=EventState.APPROVED, created_by=leaving)


@pytest.fixture
def successor(city):
    return make_staff(city, Role.CADRE, name="接任干部")


def fresh(member):
    return Member.objects.get(pk=member.pk)


def give(duty, actor, successor, *keys):
    return hand_over(actor=fresh(actor), duty=duty, keys=keys, successor=fresh(successor))


def end(duty, chair):
    duty_end(actor=chair, duty=duty)
    return Duty.objects.get(pk=duty.pk)


def told(name):
    return set(Message.objects.filter(kind=f"members.{name}").values_list("recipient", flat=True))


def test_what_waits_by_a_duty_is_found_also_when_it_is_over(duty, chair, event, leaving, city):
    assert [item.url for item in waiting_by_duty(duty)] == [event.get_absolute_url()]
    assert [item.url for item in waiting_by_duty(end(duty, chair))] == [event.get_absolute_url()]
    make_duty(leaving, city, Role.CADRE)
    assert waiting_by_duty(Duty.objects.get(pk=duty.pk)) == []


def test_the_successor_has_it_by_name_and_those_above_are_told(duty, chair, event, successor, leaving):
    above = make_staff(event.organization.parent)
    taken, refused = give(duty, chair, successor, event.get_absolute_url())
    assert ([item.url for item in taken], refused) == ([event.get_absolute_url()], [])
    end(duty, chair)
    (item,) = items_for(fresh(successor))
    assert (item.url, item.by) == (event.get_absolute_url(), leaving.name)
    assert told("handed_over") == {successor.pk}
    assert told("handed_over_above") == {above.pk}
    entry = AuditEntry.objects.about(duty).get(action="duty.hand-over")
    assert entry.data == {"to": successor.pk, "count": 1}
    event_publish(event=event, actor=fresh(successor))
    assert items_for(fresh(successor)) == []
    assert hand_overs_keep_time() == 1
    assert not HandOver.objects.standing().exists()


def test_what_nobody_took_is_shown_to_the_level_above(client, duty, chair, event, successor):
    end(duty, chair)
    assert (hand_overs_keep_time(), hand_overs_keep_time()) == (1, 0)
    assert told("left_over") == {chair.pk}
    path = reverse("members:duty-hand-over", args=[duty.pk])
    assert path in [item.url for item in items_for(fresh(chair))]
    assert path not in [item.url for item in items_for(fresh(successor))]
    give(Duty.objects.get(pk=duty.pk), chair, successor, event.get_absolute_url())
    assert path not in [item.url for item in items_for(fresh(chair))]
    assert [item.url for item in items_for(fresh(successor))] == [event.get_absolute_url()]
    assert HandOver.objects.count() == 1


@pytest.mark.parametrize("kind", ["editor", "herself", "member", "elsewhere"])
def test_it_goes_to_nobody_whose_duties_do_not_open_it(city, duty, chair, event, leaving, kind):
    to = {
        "editor": lambda: make_staff(city, Role.EDITOR),
        "herself": lambda: leaving,
        "member": lambda: make_member(city),
        "elsewhere": lambda: make_staff(make_organization()),
    }[kind]()
    with pytest.raises(DomainError):
        give(duty, chair, to, event.get_absolute_url())
    assert not HandOver.objects.exists()


def test_what_does_not_wait_is_not_handed_over(duty, chair, event, successor):
    put_event(event, EventState.PUBLISHED)
    with pytest.raises(DomainError) as refusal:
        give(duty, chair, successor, event.get_absolute_url(), "/members/")
    assert refusal.value.code == "no-right"


def test_two_who_follow_each_other_come_to_an_end(city, duty, chair, event, successor, leaving):
    give(duty, chair, successor, event.get_absolute_url())
    end(duty, chair)
    theirs = Duty.objects.get(member=successor)
    make_duty(leaving, city, Role.CADRE)
    other = make_event(city, state=EventState.APPROVED, created_by=successor)
    give(theirs, chair, leaving, other.get_absolute_url())
    assert other.get_absolute_url() in [item.url for item in items_for(fresh(leaving))]
    assert items_for(fresh(successor)) == []


def test_in_the_browser_ending_leads_on_to_handing_over(client, duty, chair, event, successor, leaving):
    sign_in(client, chair)
    path = reverse("members:duty-end", args=[duty.pk])
    assert event.title in client.get(path).content.decode()
    sent = client.post(path, {"on": timezone.localdate().isoformat(), "reason": "离任"})
    page = reverse("members:duty-hand-over", args=[duty.pk])
    assert sent.headers["Location"] == page
    assert event.title in client.get(page).content.decode()
    assert client.post(page, {"successor": successor.pk, "keys": []}).status_code == 422
    sent = client.post(page, {"successor": successor.pk, "keys": [event.get_absolute_url()]}, follow=True)
    assert successor.name in sent.content.decode()
    assert sent.context["items"] == []


def test_a_duty_that_ends_soon_says_so_and_she_may_hand_over_herself(client, duty, event, successor, chair, leaving):
    path = reverse("members:duty-hand-over", args=[duty.pk])
    sign_in(client, chair)
    assert path not in client.get(duty.get_absolute_url()).content.decode()
    Duty.objects.filter(pk=duty.pk).update(valid_until=timezone.localdate() + timedelta(days=20))
    assert path in client.get(duty.get_absolute_url()).content.decode()
    sign_in(client, leaving)
    assert client.post(path, {"successor": successor.pk, "keys": [event.get_absolute_url()]}).status_code == 302
    assert HandOver.objects.get().successor == successor


def test_who_may_not(client, duty, event, city):
    path = reverse("members:duty-hand-over", args=[duty.pk])
    assert client.get(path).status_code == 302
    assert sign_in(client, make_staff(city, Role.REVIEWER)).get(path).status_code == 403
    assert sign_in(client, make_staff(make_organization())).get(path).status_code == 404
