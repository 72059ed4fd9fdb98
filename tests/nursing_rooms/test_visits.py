"""Visits at the door: a token counts once, a ceiling ends it, and a hundred at once are a hundred."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.models import RoomDay
from nursing_rooms.services.visits import TOKEN_SECONDS, fine_count, visit_count, visit_token
from portal.core.errors import DomainError
from portal.core.models import Throttle
from portal.messaging.models import Touch
from tests.factories.nursing_rooms import make_plate, make_room
from tests.threads import at_once


def day_of(room):
    row = RoomDay.objects.filter(room=room).first()
    return (row.taps, row.fine, row.marked) if row else None


@pytest.mark.django_db
class TestATokenOfTheOpenedPage:
    def test_counts_once(self):
        room = make_room()
        token = visit_token(room)
        assert visit_count(room=room, token=token) is True
        assert visit_count(room=room, token=token) is False
        assert day_of(room) == (1, 0, False)
        assert Touch.objects.filter(source="nursing_rooms.roomday", organization_id=room.organization_id).count() == 1

    def test_of_another_room_is_refused(self):
        room, other = make_room(), make_room()
        with pytest.raises(DomainError) as refused:
            visit_count(room=room, token=visit_token(other))
        assert refused.value.code == "token"
        assert day_of(room) is None

    @pytest.mark.parametrize("token", ["", "x", "a:b:c", "x" * 200, "\udfff"])
    def test_that_is_none_is_refused(self, token):
        room = make_room()
        with pytest.raises(DomainError):
            visit_count(room=room, token=token)
        assert day_of(room) is None

    def test_of_an_hour_ago_is_refused(self, monkeypatch):
        room = make_room()
        token = visit_token(room)
        now = signing.time.time()
        monkeypatch.setattr(signing.time, "time", lambda: now + TOKEN_SECONDS + 1)
        with pytest.raises(DomainError) as refused:
            visit_count(room=room, token=token)
        assert refused.value.code == "token"
        monkeypatch.setattr(signing.time, "time", lambda: now + TOKEN_SECONDS - 1)
        assert visit_count(room=room, token=token)

    def test_is_remembered_for_as_long_as_it_is_valid(self, monkeypatch):
        room = make_room()
        token, moment, now = visit_token(room), timezone.now(), signing.time.time()
        assert visit_count(room=room, token=token)
        for minutes in range(0, 60, 5):
            later = moment + timedelta(minutes=minutes, seconds=59)
            monkeypatch.setattr(timezone, "now", lambda later=later: later)
            monkeypatch.setattr(signing.time, "time", lambda minutes=minutes: now + minutes * 60)
            assert visit_count(room=room, token=token) is False
        assert sum(RoomDay.objects.values_list("taps", flat=True)) == 1

    @pytest.mark.parametrize("state", [state for state in RoomState if state != RoomState.OPEN])
    def test_of_a_room_that_is_not_open_is_refused(self, state):
        room = make_room(state=state)
        with pytest.raises(DomainError) as refused:
            visit_count(room=room, token=visit_token(room))
        assert refused.value.code == "not-open"


@pytest.mark.django_db
class TestTheCeiling:
    def test_stops_a_script_and_marks_the_day(self, settings):
        settings.ROOM_VISITS_PER_HOUR = 5
        room, other = make_room(), make_room()
        counted = [visit_count(room=room, token=visit_token(room)) for _number in range(9)]
        assert counted == [True] * 5 + [False] * 4
        assert day_of(room) == (5, 0, True)
        assert visit_count(room=other, token=visit_token(other))
        assert day_of(other) == (1, 0, False)

    def test_marks_a_day_that_has_no_visit_yet(self, settings, monkeypatch):
        settings.ROOM_VISITS_PER_HOUR = 1
        room = make_room()
        late = timezone.make_aware(timezone.datetime(2026, 11, 27, 23, 59))
        monkeypatch.setattr(timezone, "now", lambda: late)
        visit_count(room=room, token=visit_token(room))
        monkeypatch.setattr(timezone, "now", lambda: late + timedelta(minutes=2))
        assert visit_count(room=room, token=visit_token(room)) is False
        assert [(row.on.day, row.taps, row.marked) for row in RoomDay.objects.order_by("on")] == [
            (27, 1, False),
            (28, 0, True),
        ]


@pytest.mark.django_db
def test_all_in_order_is_counted_apart_from_visits():
    room = make_room()
    fine_count(room=room)
    fine_count(room=room)
    assert day_of(room) == (0, 2, False)
    assert not Touch.objects.filter(source="nursing_rooms.roomday").exists()


@pytest.mark.django_db
def test_no_column_of_a_visit_leads_to_a_visitor():
    room = make_room()
    token = visit_token(room)
    visit_count(room=room, token=token)
    assert {field.name for field in RoomDay._meta.concrete_fields} == {"id", "room", "on", "taps", "fine", "marked"}
    nonce = token.partition(":")[0]
    assert nonce not in str(list(Throttle.objects.values()))


def test_a_hundred_at_once_are_a_hundred(committed):
    room = make_room()
    tokens = [visit_token(room) for _number in range(100)]
    results = at_once(lambda token: visit_count(room=room, token=token), tokens, threads=20)
    assert results == [True] * 100
    assert day_of(room) == (100, 0, False)


def test_one_token_sent_a_hundred_times_at_once_counts_one(committed):
    room = make_room()
    token = visit_token(room)
    results = at_once(lambda _number: visit_count(room=room, token=token), range(100), threads=20)
    assert results.count(True) == 1
    assert day_of(room) == (1, 0, False)


def test_the_ceiling_holds_at_once(committed, settings):
    settings.ROOM_VISITS_PER_HOUR = 30
    room = make_room()
    tokens = [visit_token(room) for _number in range(60)]
    results = at_once(lambda token: visit_count(room=room, token=token), tokens, threads=20)
    assert results.count(True) == 30
    assert day_of(room) == (30, 0, True)


def test_a_hundred_phones_behind_one_address_count_a_hundred(committed):
    """Each has its own page, cookies and token; nothing of the address counts."""
    plate = make_plate(make_room())
    door = reverse("nursing_rooms:door-show", args=[plate.code])

    def visit(_number):
        client = Client(enforce_csrf_checks=True)
        fields = dict(
            re.findall(r'name="(csrfmiddlewaretoken|token)" value="(.+?)"', client.get(door).content.decode())
        )
        return client.post(reverse("nursing_rooms:door-visit", args=[plate.code]), fields).url.partition("said=")[2]

    assert at_once(visit, range(100), threads=10) == ["counted"] * 100
    assert RoomDay.objects.get().taps == 100
