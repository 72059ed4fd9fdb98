"""Who is reminded of what in matchmaking."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from matchmaking.choices import BEFORE_CHOICE, EventState, ProfileState
from matchmaking.models import Participation, SingleProfile
from portal.messaging.choices import Channel
from portal.messaging.planning import Due, Rule
from portal.signups.choices import SignUpState

# So far back a planner that stood still is caught up; what is older is nobody's news.
LOOK_BACK = timedelta(days=2)
BOTH = (Channel.IN_APP, Channel.SMS)


def _due(row, moment):
    event = row.offering
    return Due(
        about=row,
        to=row.member,
        due_on=timezone.localdate(moment),
        until=moment,
        url=event.get_member_url(),
        context={"title": event.title, "at": moment.isoformat()},
    )


def event_tomorrow(now):
    """Confirmed participants, a day before their event begins."""
    rows = Participation.objects.confirmed().filter(
        offering__state__in=(*BEFORE_CHOICE, EventState.CHOICE_OPEN),
        offering__starts_at__gt=now - LOOK_BACK,
        offering__starts_at__lte=now + timedelta(hours=24),
    )
    for row in rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500):
        yield _due(row, row.offering.starts_at)


def choice_closing(now):
    """Confirmed participants who have chosen nobody, a day before the round closes."""
    rows = Participation.objects.confirmed().filter(
        offering__state=EventState.CHOICE_OPEN,
        offering__choice_closes_at__gt=now - LOOK_BACK,
        offering__choice_closes_at__lte=now + timedelta(hours=24),
        choices=None,
    )
    for row in rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500):
        yield _due(row, row.offering.choice_closes_at)


def offer_expiring(now):
    """People to whom a place is offered, six hours before the offer runs out."""
    rows = Participation.objects.filter(
        state=SignUpState.OFFERED,
        offered_until__gt=now - LOOK_BACK,
        offered_until__lte=now + timedelta(hours=6),
    )
    for row in rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500):
        yield _due(row, row.offered_until)


def word_expiring(now):
    """Singles whose unit's word runs out within two weeks, so that they send their profile in time."""
    today = timezone.localdate(now)
    rows = SingleProfile.objects.filter(
        state__in=(ProfileState.ACTIVE, ProfileState.PAUSED),
        verified_until__gt=today,
        verified_until__lte=today + timedelta(days=14),
    )
    for row in rows.select_related("member").order_by("pk").iterator(chunk_size=500):
        yield Due(
            about=row,
            to=row.member,
            due_on=row.verified_until,
            until=timezone.make_aware(datetime.combine(row.verified_until, time.min)),
            url=reverse("matchmaking:single-home"),
            context={"until": row.verified_until.isoformat()},
        )


RULES = [
    Rule("matchmaking.event_tomorrow", "matchmaking.event_tomorrow", event_tomorrow, BOTH),
    Rule("matchmaking.choice_closing", "matchmaking.choice_closing", choice_closing, BOTH),
    Rule("matchmaking.offer_expiring", "matchmaking.offer_expiring", offer_expiring, BOTH),
    Rule("matchmaking.word_expiring", "matchmaking.word_expiring", word_expiring),
]
