"""Retention rules: which data of profiles, couples, publicity and the hotline are deleted when."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.hotline import TicketState
from matchmaking.choices.publicity import STANDING_NOMINATIONS, NominationState
from matchmaking.models import FollowUp, HotlineTicket, Nomination, WeddingCouple
from matchmaking.services.retention import profile_purge, profiles_to_purge
from portal.core.errors import DomainError
from portal.core.retention import Rule

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from matchmaking.querysets.couples import CoupleQuerySet
    from matchmaking.querysets.follow_ups import FollowUpQuerySet
    from matchmaking.querysets.hotline import TicketQuerySet
    from matchmaking.querysets.profiles import SingleProfileQuerySet
    from matchmaking.querysets.publicity import NominationQuerySet

logger = logging.getLogger(__name__)
AT_ONCE = 2000
PROFILES = timedelta(days=183)

NOTES, CALLS, REFUSED, PUBLISHED, COUPLES = (
    timedelta(days=730),
    timedelta(days=365),
    timedelta(days=183),
    timedelta(days=730),
    timedelta(days=183),
)


def follow_up_notes(now: datetime) -> FollowUpQuerySet:
    """Return follow-ups whose notes have passed their retention period."""
    day = timezone.localdate(now) - NOTES
    return FollowUp.objects.filter(state=FollowUpState.DONE, done_on__lte=day).order_by("pk")


@transaction.atomic
def empty_notes(rows: FollowUpQuerySet) -> int:
    """Empty the notes; the results remain as figures."""
    return _emptied(rows, "words")


def _emptied(rows: QuerySet[Any], *fields: str) -> int:
    count = 0
    for row in rows.select_for_update(of=("self",)):
        if any(getattr(row, name) for name in fields):
            for name in fields:
                setattr(row, name, "")
            row.save(update_fields=fields)
            count += 1
    return count


def closed_tickets(now: datetime) -> TicketQuerySet:
    """Return hotline tickets whose retention period since closing has passed."""
    return HotlineTicket.objects.filter(state=TicketState.CLOSED, closed_at__lte=now - CALLS).order_by("pk")


@transaction.atomic
def empty_tickets(rows: TicketQuerySet) -> int:
    """Empty caller, phone, question and answer; kind and days remain as figures."""
    return _emptied(rows, "caller", "caller_phone", "words", "answer")


def refused_nominations(now: datetime) -> NominationQuerySet:
    """Return nominations that were declined, or withdrawn from, long ago."""
    day = timezone.localdate(now) - REFUSED
    return Nomination.objects.filter(
        state__in=[NominationState.DECLINED, NominationState.WITHDRAWN], settled_on__lte=day
    ).order_by("pk")


def standing_nominations(now: datetime) -> NominationQuerySet:
    """Return nominations agreed to whose retention period has passed."""
    return Nomination.objects.filter(state__in=STANDING_NOMINATIONS, created_at__lte=now - PUBLISHED).order_by("pk")


def past_couples(now: datetime) -> CoupleQuerySet:
    """Return withdrawn or declined applications for weddings that were long ago."""
    day = timezone.localdate(now) - COUPLES
    lost = [CoupleState.WITHDRAWN, CoupleState.DECLINED]
    return WeddingCouple.objects.filter(state__in=lost, wedding__on__lte=day).order_by("pk")


@transaction.atomic
def delete_rows(rows: QuerySet[Any]) -> int:
    """Delete the rows and return how many."""
    return rows.delete()[0]


def purge_profiles(rows: SingleProfileQuerySet) -> int:
    """Delete profiles with their photos, each in its own transaction; return how many."""
    count = 0
    for row in rows[:AT_ONCE]:
        try:
            count += bool(profile_purge(profile=row))
        except DomainError as refusal:
            # A profile that cannot be deleted does not stop the others; the next run finds it again.
            logger.warning("profile %s stays: %s", row.pk, refusal.code)
    return count


RULES = [
    Rule(
        "matchmaking.profiles",
        _("Singles' profiles, with photos: six months after the single left"),
        PROFILES,
        profiles_to_purge,
        purge_profiles,
    ),
    Rule("matchmaking.follow_up_notes", _("Follow-up notes"), NOTES, follow_up_notes, empty_notes),
    Rule("matchmaking.calls", _("Content and callers of closed tickets"), CALLS, closed_tickets, empty_tickets),
    Rule("matchmaking.nominations", _("Nominations rejected or withdrawn"), REFUSED, refused_nominations, delete_rows),
    Rule("matchmaking.published", _("Nominations agreed to long ago"), PUBLISHED, standing_nominations, delete_rows),
    Rule("matchmaking.couples", _("Unsuccessful wedding applications"), COUPLES, past_couples, delete_rows),
]
