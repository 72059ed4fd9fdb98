"""What members read of a law session, beside its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from portal.members.models import Member
    from rights.models import LawSession, LawSessionSignUp


def ahead_of(row: LawSessionSignUp) -> int:
    """Return how many people wait before this sign-up."""
    waiting = row.offering.signups.filter(state=SignUpState.WAITLISTED, place__lt=row.place)
    return waiting.count()


def refusal_for(member: Member, session: LawSession) -> str:
    """Return the sentence that says why ``member`` cannot sign up now, or ''."""
    return session.refusal(member, timezone.now())
