"""Messages to guardians about a class term."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.messaging.choices import Channel
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from childcare.models import ClassTerm
    from portal.members.models import Member
    from portal.signups.services import Moved

BOTH = (Channel.IN_APP, Channel.SMS)
# Guardians are told when one of these changes.
TOLD = {"first_on", "last_on", "starts", "ends", "site_id", "fee", "enrol_from", "enrol_until"}
# The quiet hours of text messages are shorter.
NEAR = timedelta(hours=14)


def _recipients(term: ClassTerm, rows: Iterable[Any], **words: Any) -> list[tuple[Member, dict[str, Any]]]:
    found = []
    for row in rows:
        about = {"title": term.title, "day": term.opens_at.isoformat(), "state": row.state, **words}
        if row.offered_until:
            about["until"] = timezone.localtime(row.offered_until).isoformat()
        found.append((row.member, about))
    return found


def _is_near(term: ClassTerm) -> bool:
    return term.begins_at - timezone.now() < NEAR


def tell(term: ClassTerm, kind: str, **words: Any) -> None:
    """Tell each guardian with a live enrolment in a term, once."""
    rows = term.signups.live().reachable().select_related("member").order_by("member_id", "place")
    once = {row.member_id: row for row in reversed(rows)}.values()
    messages_post(
        kind=kind,
        recipients=_recipients(term, once, **words),
        about=term,
        url=term.get_member_url(),
        channels=BOTH,
        urgent=_is_near(term),
    )


def tell_joined(row: Any) -> None:
    """Tell a guardian that the child has a place, or a position on the waiting list."""
    term = row.offering
    messages_post(kind="childcare.enrolled", recipients=_recipients(term, [row]), about=term, url=term.get_member_url())


def tell_waiting(term: ClassTerm) -> None:
    """Tell guardians after a draw that their child waits."""
    rows = term.signups.waiting().reachable().select_related("member").order_by("place")
    messages_post(kind="childcare.enrolled", recipients=_recipients(term, rows), about=term, url=term.get_member_url())


def tell_declined(row: Any, reason: str) -> None:
    """Tell a guardian that the application was declined, and why."""
    _tell_one(row, "childcare.declined", reason=reason)


def tell_no_place(row: Any) -> None:
    """Tell a guardian that the class has begun without a place for the child."""
    _tell_one(row, "childcare.no_place")


def _tell_one(row: Any, kind: str, **words: Any) -> None:
    term = row.offering
    rows = term.signups.filter(pk=row.pk).reachable().select_related("member")
    messages_post(kind=kind, recipients=_recipients(term, rows, **words), about=term, url=term.get_member_url())


def tell_offered(term: ClassTerm, moved: Moved) -> None:
    """Tell guardians that a place is held for their child."""
    rows = term.signups.filter(pk__in=[row.pk for row in moved.offered]).reachable().select_related("member")
    messages_post(
        kind="childcare.place_offered",
        recipients=_recipients(term, rows.order_by("place")),
        about=term,
        url=term.get_member_url(),
        channels=BOTH,
        urgent=_is_near(term),
    )


def tell_expired(term: ClassTerm, rows: Iterable[Any]) -> None:
    """Tell guardians that the offer is over; once the class has begun everybody knows."""
    if term.has_begun:
        return
    known = term.signups.filter(pk__in=[row.pk for row in rows]).reachable().select_related("member")
    messages_post(
        kind="childcare.offer_expired",
        recipients=_recipients(term, known.order_by("place")),
        about=term,
        url=term.get_member_url(),
    )
