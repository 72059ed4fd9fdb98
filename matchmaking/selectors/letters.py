"""Selectors for letters about an event."""

from __future__ import annotations

from matchmaking.choices.letters import LetterTo
from matchmaking.models import EventLetter, Participation
from portal.signups.choices import SignUpState


def letters_to(participation: Participation) -> list[EventLetter]:
    """Return the organisers' letters that concern a participant in the current state, the latest first."""
    wanted = [LetterTo.EVERYONE]
    wanted.append(LetterTo.CONFIRMED if participation.state == SignUpState.CONFIRMED else LetterTo.WAITING)
    return list(EventLetter.objects.filter(event_id=participation.offering_id, to__in=wanted)[:10])
