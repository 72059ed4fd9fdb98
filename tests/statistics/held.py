"""Builders of events that are over."""

from datetime import timedelta

from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import Pair
from tests.factories.matchmaking import make_event, make_participation, put_event


def held_event(organization, on, *, people=0, pairs=0):
    """Create a closed event whose participants are all women, with pairs of neighbours in order."""
    starts = timezone.make_aware(timezone.datetime(on.year, on.month, on.day, 10))
    event = make_event(organization)
    put_event(event, EventState.CLOSED, starts_at=starts, ends_at=starts + timedelta(hours=2))
    signups = [make_participation(event) for _ in range(people)]
    for number in range(pairs):
        one, two = signups[number % (people - 1)], signups[number % (people - 1) + 1 + number // (people - 1)]
        Pair.objects.create(event=event, one=one, two=two, held_on=on)
    return event
