"""Selectors for the waiting list in words, and for the consents in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matchmaking import consents
from matchmaking.choices.events import Pool
from matchmaking.models import Participation
from portal.members.models import Consent
from portal.signups.choices import Blocked, SignUpState
from portal.signups.selectors import Line, line_of

if TYPE_CHECKING:
    from matchmaking.models import MatchEvent, Participation


def waiting_ahead(participation: Participation) -> int:
    """Return how many people wait before ``participation`` on the same list."""
    return Participation.objects.filter(
        offering_id=participation.offering_id,
        pool=participation.pool,
        state=SignUpState.WAITLISTED,
        place__lt=participation.place,
    ).count()


def standing_consents() -> dict[str, QuerySet[Consent]]:
    """Return the consents in force that open a pair, for ``PairQuerySet.with_consents``."""
    standing = Consent.objects.standing()
    return {
        "contact": standing.filter(purpose=consents.PAIR_CONTACT.code),
        "matchmaker": standing.filter(purpose=consents.PAIR_MATCHMAKER.code),
    }


def line_words(event: MatchEvent, line: Line) -> str:
    """Return the sentence about one waiting list of ``event``."""
    if not line.waiting:
        return _("Nobody is waiting on this list.")
    if line.over:
        return _("Places are no longer offered: the choice round is about to begin.")
    if line.blocked == Blocked.BALANCE:
        return _(
            "A place is free, but the lists may differ by at most %(count)s: the place is offered "
            "when the other list grows."
        ) % {"count": event.balance_tolerance}
    if line.blocked == Blocked.UNIT:
        return _("A place is free, but the limit for one unit has been reached: the place is kept for another unit.")
    if line.offers:
        until = timezone.localtime(line.offers_end_at)
        return ngettext(
            "One place is offered and held until %(until)s; if it is not accepted, the next person "
            "on the waiting list is notified.",
            "%(count)s places are offered and held until %(until)s; places that are not accepted go "
            "to the next people on the waiting list.",
            line.offers,
        ) % {"count": line.offers, "until": f"{until:%m-%d %H:%M}"}
    if line.blocked:
        return _(
            "All places are taken. When somebody leaves, the next person on the waiting list is "
            "notified and has 48 hours."
        )
    return _("A place is free: the next person on the waiting list is being notified.")


def own_line_words(participation: Participation) -> str:
    """Return why the participant still waits, or '' when the participant does not wait."""
    event = participation.offering
    if participation.state == SignUpState.APPLIED:
        return _("The organisers review your sign-up first. You are notified as soon as it is decided.")
    if participation.state != SignUpState.WAITLISTED:
        return ""
    return line_words(event, line_of(event, participation.pool))


def event_lines(event: MatchEvent) -> list[dict[str, object]]:
    """Return the lists of an event with people waiting or offers open.

    Each is a dict of label, words and waiting.
    """
    found = []
    for pool in Pool:
        line = line_of(event, pool)
        if line.waiting or line.offers:
            found.append({"label": pool.label, "words": line_words(event, line), "waiting": line.waiting})
    return found
