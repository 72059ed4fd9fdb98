"""What of profiles, couples, publicity and the hotline is deleted when."""

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
    """Notes of follow-ups made long ago."""
    day = timezone.localdate(now) - NOTES
    return FollowUp.objects.filter(state=FollowUpState.DONE, done_on__lte=day).order_by("pk")


@transaction.atomic
def empty_notes(rows: FollowUpQuerySet) -> int:
    """Empty the notes; the results stay as figures."""
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


def closed_calls(now: datetime) -> TicketQuerySet:
    """Calls closed long ago."""
    return HotlineTicket.objects.filter(state=TicketState.CLOSED, closed_at__lte=now - CALLS).order_by("pk")


@transaction.atomic
def empty_calls(rows: TicketQuerySet) -> int:
    """Empty who called, what was asked and what was answered; kind and days stay as figures."""
    return _emptied(rows, "caller", "caller_phone", "words", "answer")


def refused_nominations(now: datetime) -> NominationQuerySet:
    """Nominations to which somebody said no, or took her agreement back."""
    day = timezone.localdate(now) - REFUSED
    return Nomination.objects.filter(
        state__in=[NominationState.DECLINED, NominationState.WITHDRAWN], settled_on__lte=day
    ).order_by("pk")


def standing_nominations(now: datetime) -> NominationQuerySet:
    """Nominations that were agreed to long ago."""
    return Nomination.objects.filter(state__in=STANDING_NOMINATIONS, created_at__lte=now - PUBLISHED).order_by("pk")


def past_couples(now: datetime) -> CoupleQuerySet:
    """Applications that came to nothing, of weddings that are long over."""
    day = timezone.localdate(now) - COUPLES
    lost = [CoupleState.WITHDRAWN, CoupleState.DECLINED]
    return WeddingCouple.objects.filter(state__in=lost, wedding__on__lte=day).order_by("pk")


@transaction.atomic
def delete_rows(rows: QuerySet[Any]) -> int:
    """Delete the rows; return how many."""
    return rows.delete()[0]


def purge_profiles(rows: SingleProfileQuerySet) -> int:
    """Delete profiles with their photos, each in a transaction of its own; return how many."""
    count = 0
    for row in rows[:AT_ONCE]:
        try:
            count += bool(profile_purge(profile=row))
        except DomainError as refusal:
            # One that cannot go does not stop the rest; it is found again tomorrow.
            logger.warning("profile %s stays: %s", row.pk, refusal.code)
    return count


RULES = [
    Rule(
        "matchmaking.profiles",
        _("Singles' profiles, with photos: six months after she left"),
        PROFILES,
        profiles_to_purge,
        purge_profiles,
    ),
    Rule("matchmaking.follow_up_notes", _("Notes of follow-ups"), NOTES, follow_up_notes, empty_notes),
    Rule("matchmaking.calls", _("Words and callers of closed calls"), CALLS, closed_calls, empty_calls),
    Rule("matchmaking.nominations", _("Nominations refused or taken back"), REFUSED, refused_nominations, delete_rows),
    Rule("matchmaking.published", _("Nominations long agreed to"), PUBLISHED, standing_nominations, delete_rows),
    Rule("matchmaking.couples", _("Applications that came to nothing"), COUPLES, past_couples, delete_rows),
]
