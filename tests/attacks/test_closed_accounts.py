"""What an account shows whose private pages are closed.

Pages that anyone may open show such an account no more than they show anyone.

A member of staff who has moved an account to a phone of their own is signed in, and may open public pages.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from portal.members.models import Member
from tests.factories.matchmaking import LINE, make_event, make_participation, open_choice, put_event
from tests.factories.matchmaking_pairs import make_pair
from tests.factories.members import sign_in

pytestmark = pytest.mark.django_db
CLOSED = {
    "provisional": lambda: {"proven_at": None},
    "number-changed": lambda: {"secrets_closed_until": timezone.now() + timedelta(days=3)},
}


def close(member, how):
    Member.objects.filter(pk=member.pk).update(**CLOSED[how]())


def page(member, address):
    return sign_in(Client(), Member.objects.get(pk=member.pk)).get(address)


@pytest.fixture
def pair():
    made = make_pair()
    put_event(made.event, EventState.REVEALED)
    return made


@pytest.mark.parametrize("how", CLOSED)
def test_the_public_page_of_an_event_tells_of_no_pair(pair, how):
    her, address = pair.one.member, pair.event.get_member_url()
    own = reverse("matchmaking:pair-detail", args=[pair.pk])
    assert own in page(her, address).content.decode()

    close(her, how)
    text = page(her, address).content.decode()

    assert pair.event.title in text
    hers = (own, LINE, reverse("matchmaking:meet-leave", args=[pair.event.slug]))
    assert [words for words in hers if words in text] == []


@pytest.mark.parametrize("how", CLOSED)
def test_nor_of_a_choice(settings, tmp_path, how):
    settings.KEY_DIR = tmp_path / "keys"
    event = make_event()
    row = make_participation(event)
    event = open_choice(event)
    choose = reverse("matchmaking:meet-choose", args=[event.slug])
    assert choose in page(row.member, event.get_member_url()).content.decode()
    close(row.member, how)
    assert choose not in page(row.member, event.get_member_url()).content.decode()


@pytest.mark.parametrize("how", CLOSED)
def test_an_event_by_invitation_is_not_there(pair, how):
    type(pair.event).objects.filter(pk=pair.event.pk).update(restricted=True)
    her, address = pair.one.member, pair.event.get_member_url()
    assert page(her, address).status_code == 200
    close(her, how)
    assert page(her, address).status_code == 404


@pytest.mark.parametrize("how", CLOSED)
def test_the_first_page_does_not_tell_in_which_events_a_person_takes_part(how):
    event = make_event(title="示例交友会")
    mine, other = make_participation(event), make_participation(event)
    assert "您已参加" in page(mine.member, "/").content.decode()
    stranger = make_participation(make_event(event.organization, title="示例别处", state=EventState.RUNNING)).member
    for person in (mine.member, other.member, stranger):
        close(person, how)

    texts = [page(person, "/").content.decode() for person in (mine.member, stranger)]

    assert ["示例交友会" in text for text in texts] == [True, True]
    assert ["示例别处" in text for text in texts] == [False, False]
    assert [mine.get_state_display() in text for text in texts] == [False, False]
