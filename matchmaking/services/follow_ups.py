"""Services for follow-ups: three days, three weeks and three months after the mutual choice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.follow_ups import FollowUpKind, FollowUpState
from matchmaking.models import FollowUp, Pair
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.calendar import months_later
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.messaging.choices import Channel
from portal.messaging.models import Message
from portal.messaging.services.messages import messages_post
from portal.organizations.selectors import legal_count

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models import Member

ASKED = "matchmaking.follow_up_ask"
# No follow-up is due more than ten years after the mutual choice.
LONGEST = {"days": 3660, "weeks": 520, "months": 120}


def due_days(held_on: date) -> dict[FollowUpKind, date]:
    """Return the due days of the follow-ups after a mutual choice on ``held_on``, by kind.

    The intervals are legal parameters.
    """
    days, weeks, months = (
        legal_count(f"matchmaking.follow_up_{unit}", on=held_on, most=most) for unit, most in LONGEST.items()
    )
    return {
        FollowUpKind.DAYS: held_on + timedelta(days=days),
        FollowUpKind.WEEKS: held_on + timedelta(weeks=weeks),
        FollowUpKind.MONTHS: months_later(held_on, months),
    }


def follow_ups_open(*, pairs: Collection[Pair], held_on: date) -> list[FollowUp]:
    """Create the follow-ups of new ``pairs``, three each, in the caller's transaction."""
    due = due_days(held_on)
    pks = iter(reserve_pks(FollowUp, len(pairs) * len(due)))
    return FollowUp.objects.bulk_create(
        FollowUp(pk=next(pks), pair=pair, kind=kind, due_on=day) for pair in pairs for kind, day in due.items()
    )


def follow_up_record(*, follow_up: FollowUp, actor: Member, result: str, words: str = "") -> FollowUp:
    """Record the result of a follow-up; the author and the event's editors read ``words``."""
    changes: dict[str, Any] = {"done_on": timezone.localdate(), "done_by": actor, "result": result, "words": words}
    return advance(follow_up, FollowUpState.DONE, actor=actor, **changes)


@transaction.atomic
def follow_up_ask(*, follow_up: FollowUp, actor: Member) -> None:
    """Ask both people of the pair by message how they are; once for each follow-up."""
    held = locks.hold(follow_up)
    if held.state != FollowUpState.DUE:
        raise DomainError(_("This follow-up is closed."), code="closed")
    if Message.objects.filter(kind=ASKED, about_model=held._meta.label_lower, about_id=held.pk).exists():
        raise DomainError(_("Both people have already been asked."), code="asked")
    pair = held.pair
    messages_post(
        kind=ASKED,
        recipients=[(row.member, {"title": pair.event.title}) for row in (pair.one, pair.two)],
        about=held,
        url=reverse("matchmaking:pair-detail", args=[pair.pk]),
        channels=(Channel.IN_APP, Channel.SMS),
    )
    audit_record(actor=actor, action="follow_up.ask", about=held)
