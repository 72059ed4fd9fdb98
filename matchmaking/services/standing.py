"""Services that end sign-ups of people who may no longer take part in what is for singles.

Their open sign-ups end the same day, with a kind message. A step that ends a person's standing calls this in its own
transaction; standing that ends by a date is found by a scheduled task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from matchmaking.choices.events import HELD_STATES, EventState
from matchmaking.models import MatchEvent, Participation, SingleProfile
from matchmaking.services.introductions import introductions_end
from matchmaking.services.participations import event_leave
from portal.audit.gate import Clock
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.members.models import Member
from portal.messaging.services.messages import message_post
from portal.signups.choices import LIVE

if TYPE_CHECKING:
    from collections.abc import Collection

    from matchmaking.querysets.participations import ParticipationQuerySet

CLOCK = Clock("matchmaking.standing")
OVER = (*HELD_STATES, EventState.CANCELLED)
AT_ONCE = 500


def open_sign_ups() -> ParticipationQuerySet:
    """Return live sign-ups for events that are still to be revealed."""
    return Participation.objects.filter(state__in=LIVE).exclude(offering__state__in=OVER)


def without_standing(rows: ParticipationQuerySet) -> ParticipationQuerySet:
    """Return those of ``rows`` (sign-ups) whose people may no longer take part."""
    return rows.exclude(pk__in=rows.standing().values("pk"))


@transaction.atomic
def signups_end(*, members: Collection[Member]) -> int:
    """End the open sign-ups of those of ``members`` who have no standing now; return how many.

    Their profiles are locked first, as joining does, so that nobody joins at the same time.
    """
    ids = [member.pk for member in members]
    locks.hold_all(SingleProfile.objects.filter(member__in=ids))
    return _end(without_standing(open_sign_ups().filter(member__in=ids)))


@transaction.atomic
def event_signups_end(*, event: MatchEvent) -> int:
    """End the sign-ups of people without standing before an event's next step; return how many."""
    event = locks.hold(event)
    return _end(without_standing(open_sign_ups().filter(offering=event)))


def _end(rows: ParticipationQuerySet) -> int:
    found = list(rows.select_related("offering", "member").order_by("offering", "pk"))
    return sum(_end_one(row) for row in found)


def _end_one(row: Participation) -> int:
    if locks.hold(row.offering).state in OVER:
        # Revealed since the row was found: an event that is over is left unchanged.
        return 0
    try:
        event_leave(participation=row, actor=CLOCK)
    except DomainError:
        # Ended by another transaction since the row was found.
        return 0
    message_post(
        kind="matchmaking.standing_over",
        to=row.member,
        about=row.offering,
        context={"title": row.offering.title},
        url=reverse("matchmaking:single-home"),
    )
    return 1


@transaction.atomic
def settled(*, members: Collection[Member]) -> int:
    """End sign-ups, and introductions to others, of people who are now engaged or married.

    Returns how many sign-ups ended.
    """
    profiles = locks.hold_all(SingleProfile.objects.filter(member__in=[member.pk for member in members]))
    for profile in profiles:
        introductions_end(profile=profile, but=profiles)
    return signups_end(members=members)


def standings_keep_time() -> int:
    """End open sign-ups of people whose standing ran out; return how many.

    Each person is handled in their own transaction.
    """
    people = without_standing(open_sign_ups()).order_by().values("member").distinct()[:AT_ONCE]
    count = 0
    with steps_of("matchmaking.standings") as steps:
        for member in Member.objects.filter(pk__in=people).order_by("pk"):
            with steps.one(member):
                count += signups_end(members=[member])
    return count
