"""Venues: read within reach, held at one time by one event."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent, Venue
from matchmaking.selectors.venues import venue_too_small
from matchmaking.services.events import event_cancel, event_submit
from matchmaking.services.venues import venues_take_back
from portal.core.errors import DomainError
from tests.factories.matchmaking import make_event
from tests.factories.matchmaking_library import make_venue
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province

pytestmark = pytest.mark.django_db


def at(hours, length=3):
    begins = (timezone.localtime() + timedelta(days=6)).replace(hour=hours, minute=0, second=0, microsecond=0)
    ends = begins + timedelta(hours=length)
    return {"starts_at": begins, "ends_at": ends, "choice_opens_at": begins, "choice_closes_at": begins + timedelta(8)}


def test_two_events_are_never_at_one_venue_at_one_time_and_the_refusal_names_what_is_free():
    city = make_organization()
    venue = make_venue(city)
    make_event(city, venue=venue, state=EventState.PUBLISHED, **at(14))
    with pytest.raises(DomainError) as refusal:
        make_event(city, venue=venue, state=EventState.DRAFT, **at(16))
    assert refusal.value.code == "venue-taken"
    assert "08:00–14:00, 17:00–22:00" in str(refusal.value)
    assert MatchEvent.objects.count() == 1
    assert make_event(city, venue=venue, state=EventState.DRAFT, **at(17)).venue == venue


def test_a_draft_holds_no_venue_and_the_second_to_be_submitted_is_refused():
    city = make_organization()
    venue, chair = make_venue(city), make_staff(city)
    make_staff(city)
    one = make_event(city, venue=venue, state=EventState.DRAFT, created_by=chair, **at(14))
    two = make_event(city, venue=venue, state=EventState.DRAFT, created_by=chair, **at(15))
    event_submit(event=one, actor=chair)
    with pytest.raises(DomainError) as refusal:
        event_submit(event=two, actor=chair)
    assert refusal.value.code == "venue-taken"
    assert MatchEvent.objects.get(pk=two.pk).state == EventState.DRAFT


def test_a_cancelled_event_gives_its_venue_back():
    city = make_organization()
    venue = make_venue(city)
    event = make_event(city, venue=venue, **at(14))
    event_cancel(event=event, actor=event.created_by, reason="天气")
    assert make_event(city, venue=venue, **at(14)).venue == venue


def test_the_month_of_a_venue_names_only_what_the_reader_sees(client):
    province, city, other = make_province(), make_organization(), make_organization()
    venue = make_venue(province)
    times = at(14)
    event = make_event(other, venue=venue, title="别市活动", **times)
    address = venue.get_absolute_url() + f"?month={times['starts_at']:%Y-%m}"
    page = sign_in(client, make_staff(city)).get(address).content.decode()
    assert (event.title in page, "14:00–17:00" in page) == (False, True)
    assert event.title in sign_in(client, make_staff(other)).get(address).content.decode()


def test_a_venue_that_is_too_small_is_said(client):
    city = make_organization()
    cadre = make_staff(city)
    event = make_event(city, venue=make_venue(city, capacity=3), created_by=cadre, state=EventState.DRAFT)
    assert venue_too_small(event)
    page = sign_in(client, cadre).get(event.get_absolute_url()).content.decode()
    assert "场地容纳人数少于名额" in page


def test_a_venue_in_use_is_not_taken_back():
    city = make_organization()
    venue, free = make_venue(city), make_venue(city)
    make_event(city, venue=venue)
    with pytest.raises(DomainError):
        venues_take_back(pks=[venue.pk, free.pk])
    assert Venue.objects.count() == 2
    assert venues_take_back(pks=[free.pk]) == 1
