"""Services for letters to the people of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventState
from matchmaking.models import EventLetter, MatchEvent, Participation
from matchmaking.services.changing import CHANGEABLE, DAY_LIMIT, LETTERS
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from matchmaking.querysets.participations import ParticipationQuerySet
    from portal.members.models import Member


def letter_people(event: MatchEvent, to: str) -> ParticipationQuerySet:
    """Return the sign-ups that a letter to ``to`` reaches."""
    return Participation.objects.filter(offering=event, state__in=LETTERS[to]).select_related("member")


@transaction.atomic
def letter_send(*, actor: Member, event: MatchEvent, to: str, title: str, words: str) -> EventLetter:
    """Send a letter to the people of an event, at most five a day.

    The letter is shown on their event page, and a message announces it.
    """
    held = locks.hold(event)
    if held.state not in CHANGEABLE and held.state != EventState.CHOICE_OPEN:
        raise DomainError(_("Letters can be sent from the approval until the reveal."), code="no-letters")
    if held.letters.filter(created_at__date=timezone.localdate()).count() >= DAY_LIMIT:
        raise DomainError(
            _("Five letters have already been sent today. Please send the next one tomorrow."), code="enough"
        )
    people = [row.member for row in letter_people(held, to)]
    if not people:
        raise DomainError(_("Nobody is on this list."), code="nobody")
    row = EventLetter(event=held, to=to, title=title, words=words, people=len(people), sent_by=actor)
    row.full_clean(exclude=["event", "sent_by"])
    row.save(force_insert=True)
    messages_post(
        kind="matchmaking.letter",
        recipients=[(member, {"title": held.title, "letter": row.title}) for member in people],
        about=held,
        url=held.get_member_url(),
    )
    audit_record(actor=actor, action="letter.send", about=row, data={"people": len(people)})
    return row
