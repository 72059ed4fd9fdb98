"""Services of law sessions: planning, opening, changing, holding and cancelling them, and sign-ups."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import row_create, row_update
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.messaging.choices import Channel
from portal.messaging.services.messages import messages_post
from portal.messaging.services.touching import touches_post
from portal.signups import services as engine
from portal.signups.choices import HOLDING, LIVE, SignUpState
from rights.choices.law_sessions import CHANGING, LawSessionState
from rights.models import LawSession, LawSessionSignUp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.members.models import Member
    from portal.organizations.models import Organization
    from portal.signups.services import Moved

BOTH = (Channel.IN_APP, Channel.SMS)
# Whoever has signed up is told when one of these changes.
TOLD = ("starts_at", "ends_at", "place")
# The quiet hours of text messages are shorter.
NEAR = timedelta(hours=14)
NOT_IN = _("You have not signed up for this session.")


def session_create(*, actor: Member, organization: Organization, **fields: Any) -> LawSession:
    """Plan a law session; members do not see it before it is opened."""
    return row_create(actor=actor, row=LawSession(organization=organization, **fields), action="session.create")


@transaction.atomic
def session_update(*, actor: Member, session: LawSession, version: int, **fields: Any) -> LawSession:
    """Change a session and tell those who signed up of a new time or place; raises Conflict after another edit.

    There can be no fewer places than are taken. A session for all can be narrowed to the organiser's own members only
    as long as nobody else has signed up. Offered places are held at most until the new beginning.
    """
    before = {name: getattr(session, name) for name in TOLD}
    narrowed = not session.only_own and fields.get("only_own", False)
    held = row_update(actor=actor, row=session, action="session.update", version=version, fields=fields)
    if held.state not in CHANGING:
        raise DomainError(_("This session can no longer be changed."), code="over")
    taken = held.signups.filter(state__in=HOLDING).count()
    if held.places_total < taken:
        raise DomainError(
            _("%(count)s places are already taken: there cannot be fewer.") % {"count": taken}, code="places"
        )
    live = held.signups.filter(state__in=LIVE)
    if narrowed and live.exclude(member__organization__path__startswith=held.organization.path).exists():
        raise DomainError(_("People of other organisations have already signed up."), code="others-in")
    if held.state == LawSessionState.OPEN and max(held.starts_at, before["starts_at"]) > timezone.now():
        live.filter(state=SignUpState.OFFERED, offered_until__gt=held.starts_at).update(offered_until=held.starts_at)
        if any(getattr(held, name) != value for name, value in before.items()):
            _tell(held, "rights.session_changed", live)
        _tell_offered(held, engine.promote(offering=held))
    return held


@transaction.atomic
def session_open(*, actor: Member, session: LawSession) -> LawSession:
    """Open a session for sign-up; refused once it has begun."""
    if locks.hold(session).has_begun:
        raise DomainError(_("This session has already begun. Change its time first."), code="begun")
    return advance(session, LawSessionState.OPEN, actor=actor)


@transaction.atomic
def session_hold(*, actor: Member, session: LawSession, visits: int) -> LawSession:
    """Record that a session was held, and how many people came; refused before it is over."""
    if not locks.hold(session).is_over:
        raise DomainError(_("This session is not over yet."), code="not-over")
    held = advance(session, LawSessionState.HELD, actor=actor, visits=visits)
    sessions_touch([held])
    return held


@transaction.atomic
def session_correct(*, actor: Member, session: LawSession, visits: int) -> LawSession:
    """Correct how many people came to a session that was held."""
    held = row_update(actor=actor, row=session, action="session.correct", fields={"visits": visits})
    sessions_touch([held])
    return held


def sessions_touch(sessions: Iterable[LawSession]) -> None:
    """Let the figures follow what was recorded of sessions."""
    label = LawSession._meta.label_lower
    touches_post((label, row.organization_id, row.starts_at, row.starts_at) for row in sessions)


@transaction.atomic
def sessions_absorb(*, source: Organization, target: Organization) -> int:
    """Transfer the sessions of ``source`` to ``target``, with the figures of those that were held; return how many."""
    rows = locks.hold_all(LawSession.objects.filter(organization=source))
    held = [row for row in rows if row.state == LawSessionState.HELD]
    sessions_touch(held)
    LawSession.objects.filter(pk__in=[row.pk for row in rows]).update(organization=target)
    sessions_touch(LawSession.objects.filter(pk__in=[row.pk for row in held]))
    return len(rows)


@transaction.atomic
def session_cancel(*, actor: Member, session: LawSession, reason: str) -> LawSession:
    """Cancel a session and tell those who signed up; nobody is told of one that is over."""
    held = advance(session, LawSessionState.CANCELLED, actor=actor, note=reason, reason=reason[:300])
    if not held.is_over:
        _tell(held, "rights.session_cancelled", held.signups.filter(state__in=LIVE), reason=reason)
    return held


@transaction.atomic
def session_join(*, actor: Member, session: LawSession) -> LawSessionSignUp:
    """Sign the actor up: a place, or a position on the waiting list.

    In a closed account a sign-up of before stays as it is and is not looked at: whether there is one shows nowhere.
    """
    phone = "" if actor.opens_secrets else actor.phone_index
    if not phone and not actor.opens_secrets:
        raise DomainError(_("Your account has no mobile number."), code="no-phone")
    row, created = engine.join(offering=session, member=actor, actor=actor, phone_index=phone)
    if created:
        _tell_joined(row)
    return row  # type: ignore[return-value]  # the engine knows only the abstract class


@transaction.atomic
def session_leave(*, actor: Member, session: LawSession) -> LawSessionSignUp:
    """End the actor's sign-up; the place goes to the next in line."""
    _check_coming(locks.hold(session))
    rows = list(session.standing_of(actor))
    if not rows:
        raise DomainError(NOT_IN, code="not-in")
    # The one with a place last: it is not offered to the same person.
    *_others, last = [_leave(row, actor) for row in reversed(rows)]
    return last


@transaction.atomic
def session_accept(*, actor: Member, session: LawSession) -> LawSessionSignUp:
    """Take the place that is held for the actor; a place that was taken already stays taken."""
    _check_coming(locks.hold(session))
    rows = list(session.standing_of(actor))
    if not rows:
        raise DomainError(NOT_IN, code="not-in")
    first, *others = rows
    for row in others:
        _leave(row, actor)
    if first.state == SignUpState.CONFIRMED:
        return first
    row = engine.accept(signup=first, actor=actor)
    _tell_joined(row)
    return row


def _check_coming(held: LawSession) -> None:
    """Refuse what concerns a session that is cancelled, or has begun."""
    if held.state != LawSessionState.OPEN or held.has_begun:
        raise DomainError(_("This session has begun or is cancelled."), code="begun")


def _leave(row: LawSessionSignUp, actor: Member) -> LawSessionSignUp:
    """End a sign-up and offer the place to the next in line."""
    left, moved = engine.leave(signup=row, actor=actor)
    _tell_offered(left.offering, moved)
    return left


def _is_near(session: LawSession) -> bool:
    """Return whether the session begins so soon that a text message cannot wait for the morning."""
    return session.starts_at - timezone.now() < NEAR


def _tell_joined(row: Any) -> None:
    session = row.offering
    messages_post(
        kind="rights.session_joined",
        recipients=[(row.member, {"title": session.title, "state": row.state, "at": session.starts_at.isoformat()})],
        about=session,
        url=session.get_member_url(),
    )


def _tell_offered(session: LawSession, moved: Moved) -> None:
    offered = LawSessionSignUp.objects.filter(pk__in=[row.pk for row in moved.offered])
    messages_post(
        kind="rights.session_offered",
        recipients=[
            (row.member, {"title": session.title, "until": timezone.localtime(row.offered_until).isoformat()})
            for row in offered.reachable().select_related("member")
        ],
        about=session,
        url=session.get_member_url(),
        channels=BOTH,
        urgent=_is_near(session),
    )


def _tell(session: LawSession, kind: str, rows: Any, **words: object) -> None:
    people = {row.member_id: row.member for row in rows.reachable().select_related("member").order_by("pk")}
    context = {"title": session.title, "at": session.starts_at.isoformat(), "place": session.told_place, **words}
    messages_post(
        kind=kind,
        recipients=[(member, context) for member in people.values()],
        about=session,
        url=session.get_member_url(),
        channels=BOTH,
        urgent=_is_near(session),
    )


def session_offers_expire() -> int:
    """Expire offers past their time and offer free places to the next in line; return how many expired.

    A free place may wait for somebody who could not be told of it before: private pages open again by time alone.
    """
    now = timezone.now()
    ended = Q(signups__state=SignUpState.OFFERED, signups__offered_until__lte=now)
    waiting = Q(signups__state=SignUpState.WAITLISTED, starts_at__gt=now)
    over = LawSession.objects.filter(ended | waiting, state=LawSessionState.OPEN).distinct()
    count = 0
    with steps_of("rights.session_offers") as steps:
        for session in over:
            with steps.one(session), transaction.atomic():
                if locks.hold(session).state == LawSessionState.OPEN:
                    expired, moved = engine.expire(offering=session)
                    _tell_expired(session, expired)
                    _tell_offered(session, moved)
                    count += len(expired)
    return count


def _tell_expired(session: LawSession, expired: Iterable[Any]) -> None:
    if session.has_begun:
        return
    rows = LawSessionSignUp.objects.filter(pk__in=[row.pk for row in expired])
    messages_post(
        kind="rights.session_offer_expired",
        recipients=[(row.member, {"title": session.title}) for row in rows.reachable().select_related("member")],
        about=session,
        url=session.get_member_url(),
    )


@transaction.atomic
def session_signups_erase(*, member: Member, actor: Member) -> int:
    """Free the places of an erased person and delete their sign-ups; return how many."""
    rows = LawSessionSignUp.objects.filter(member=member)
    # In the order in which sessions are locked elsewhere.
    for row in rows.filter(state__in=LIVE, offering__state=LawSessionState.OPEN).order_by("offering_id", "-pk"):
        _leave(row, actor)
    return rows.delete()[0]
