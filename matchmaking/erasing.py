"""Erasure of a single's data: profile, cards, choices, texts; the places held become free again.

Participations and pairs stay as rows without the person, so that the figures of an event do not change afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventState
from matchmaking.models import Choice, EventMatchmaker, Participation, SingleProfile
from matchmaking.services.couples import erase_weddings
from matchmaking.services.demands import erase_demands
from matchmaking.services.invitations import erase_invitations
from matchmaking.services.matchmakers import matchmakers_assign
from matchmaking.services.pairs import erase_pairs
from matchmaking.services.participations import event_leave, forget_photo
from matchmaking.services.publicity import erase_nominations
from matchmaking.services.retention import erase_profile
from matchmaking.services.volunteers import erase_matchmaking_help
from portal.core import locks
from portal.signups.choices import LIVE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.participations import ParticipationQuerySet
    from portal.members.models import Member

OVER = (EventState.REVEALED, EventState.CLOSED, EventState.CANCELLED)


def _live(member: Member) -> ParticipationQuerySet:
    return Participation.objects.filter(member=member, state__in=LIVE).exclude(offering__state__in=OVER)


def consequences(member: Member) -> list[tuple[StrOrPromise, int]]:
    cards = Participation.objects.filter(member=member)
    return [
        (_("event sign-ups are withdrawn"), _live(member).count()),
        (_("event cards are cleared"), cards.count()),
        (_("the single's profile is deleted"), SingleProfile.objects.filter(member=member).count()),
    ]


def erase(*, member: Member, actor: Member) -> None:
    # A person's own rows are locked before those of events, in the same order as in joining an event.
    locks.hold_all(SingleProfile.objects.filter(member=member))
    for row in _live(member).select_related("offering", "member").order_by("pk"):
        event_leave(participation=row, actor=actor)
    cards = Participation.objects.filter(member=member)
    Choice.objects.filter(chooser__in=cards).delete()
    for row in cards.exclude(photo=None).select_related("photo"):
        forget_photo(row)
    cards.exclude(line="").update(line="")
    _end_accompanying(member, actor)
    erase_matchmaking_help(member)
    erase_profile(member=member, actor=actor)
    erase_demands(member=member)
    erase_invitations(member=member)
    erase_nominations(member)
    erase_pairs(member)
    erase_weddings(member)


def _end_accompanying(member: Member, actor: Member) -> None:
    """End the member's work as a matchmaker at events and reassign the participants in their care."""
    today = timezone.localdate()
    for row in EventMatchmaker.objects.filter(member=member, valid_until=None).select_related("event"):
        row.participations.update(matchmaker=None)
        if row.valid_from >= today:
            row.delete()
        else:
            row.valid_until = today
            row.save(update_fields=["valid_until"])
        if row.event.state not in OVER:
            matchmakers_assign(event=row.event, actor=actor)
