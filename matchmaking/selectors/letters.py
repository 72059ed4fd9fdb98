"""Whom a letter about an event is written to."""

from __future__ import annotations

from matchmaking.choices.letters import LetterTo
from matchmaking.models import EventLetter, Participation
from portal.signups.choices import SignUpState


def letters_to(participation: Participation) -> list[EventLetter]:
    """Return the letters of the organisers that are for her as she stands on the lists, the latest first."""
    wanted = [LetterTo.EVERYONE]
    wanted.append(LetterTo.CONFIRMED if participation.state == SignUpState.CONFIRMED else LetterTo.WAITING)
    return list(EventLetter.objects.filter(event_id=participation.offering_id, to__in=wanted)[:10])
