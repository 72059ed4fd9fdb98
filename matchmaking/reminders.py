"""Who is reminded of what in matchmaking."""

from datetime import timedelta

from django.utils import timezone

from matchmaking.choices import BEFORE_CHOICE, EventState
from matchmaking.models import Participation
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


RULES = [
    Rule("matchmaking.event_tomorrow", "matchmaking.event_tomorrow", event_tomorrow, BOTH),
    Rule("matchmaking.choice_closing", "matchmaking.choice_closing", choice_closing, BOTH),
    Rule("matchmaking.offer_expiring", "matchmaking.offer_expiring", offer_expiring, BOTH),
]
