"""Services to review sign-ups, and for staff to put people on the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.models import MatchEvent, Participation, SingleProfile
from matchmaking.services.participations import forget_photo, tell_joined, tell_offered
from matchmaking.services.standing import signups_end
from portal.audit.gate import advance
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.identity import age_on, birth_date_of
from portal.members.services.consents import consent_withdraw
from portal.messaging.services.messages import message_post
from portal.signups import services as engine
from portal.signups.choices import LIVE, Door, SignUpState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.participations import ParticipationQuerySet
    from portal.members.models import Member


@transaction.atomic
def signup_accept(*, participation: Participation, actor: Member) -> Participation | None:
    """Accept a sign-up that waits for review: the person gets a place, or one on the waiting list.

    The other list may move with it. If the person may no longer take part, the sign-up ends instead and None is
    returned.
    """
    if signups_end(members=[participation.member]):
        participation.refresh_from_db()
        if participation.state not in LIVE:
            return None
    row = engine.review(signup=participation, accept=True, actor=actor)
    assert isinstance(row, Participation)
    event = row.offering
    tell_joined(row)
    if event.balance_tolerance is not None:
        tell_offered(event, engine.promote(offering=event))
    return row


@transaction.atomic
def signup_decline(*, participation: Participation, actor: Member, reason: str) -> Participation:
    """Decline a sign-up that waits for review.

    The person reads the reason; their consent is withdrawn and their photo deleted.
    """
    row = engine.review(signup=participation, accept=False, actor=actor, review_reason=reason)
    assert isinstance(row, Participation)
    consent_withdraw(member=row.member, purpose=consents.EVENT, about_id=row.offering_id)
    forget_photo(row)
    message_post(
        kind="matchmaking.signup_declined",
        to=row.member,
        about=row.offering,
        context={"title": row.offering.title, "reason": reason},
    )
    return row


@transaction.atomic
def signups_review(*, participations: ParticipationQuerySet, accept: bool, actor: Member, reason: str = "") -> int:
    """Review several sign-ups of one event, in the order of signing up; return how many were decided."""
    judged = 0
    # Lock the profiles of these people first, all at once: from the first sign-up on the event is locked.
    locks.hold_all(SingleProfile.objects.filter(member__in=participations.values("member")))
    rows = list(
        participations.filter(state=SignUpState.APPLIED).select_related("offering", "member", "photo").order_by("place")
    )
    for row in rows:
        if not accept:
            signup_decline(participation=row, actor=actor, reason=reason)
        elif signup_accept(participation=row, actor=actor) is None:
            continue
        judged += 1
    return judged


@transaction.atomic
def place_offer(*, event: MatchEvent, member: Member, actor: Member) -> tuple[Participation, bool]:
    """Put ``member`` on the lists of an event, as staff; returns (row, created).

    The member is offered a place or joins the waiting list, and confirms it with their own text and consent. Until then
    nobody sees their card.
    """
    born = birth_date_of(member)
    row, created = engine.join(
        offering=event,
        member=member,
        actor=actor,
        door=Door.STAFF,
        unit_id=member.organization_id,
        age=age_on(born, timezone.localdate(event.starts_at)) if born else 0,
        line="",
        consent_version=0,
    )
    assert isinstance(row, Participation)
    if not created:
        return row, False
    if row.state == SignUpState.OFFERED:
        tell_offered(event, engine.Moved((row,)))
    else:
        tell_joined(row)
    if event.balance_tolerance is not None:
        tell_offered(event, engine.promote(offering=event))
    return row, True


@transaction.atomic
def places_take_back(*, participations: ParticipationQuerySet, actor: Member) -> int:
    """Take back places that staff gave, as long as none of the people has agreed; return how many."""
    rows = locks.hold_all(participations)
    if any(row.consent_version or row.state == SignUpState.CONFIRMED for row in rows):
        raise DomainError(_("Some of these people have already confirmed their place."), code="in-use")
    taken = 0
    for row in rows:
        if row.state in (SignUpState.OFFERED, SignUpState.WAITLISTED):
            advance(row, SignUpState.WITHDRAWN, actor=actor, offered_until=None)
            taken += 1
    for event in {row.offering for row in rows}:
        tell_offered(event, engine.promote(offering=event))
    return taken


def place_refusal(*, event: MatchEvent, member: Member) -> StrOrPromise:
    """Return why staff cannot put ``member`` on the lists now, or ''."""
    return event.refusal(member, timezone.now(), Door.STAFF)
