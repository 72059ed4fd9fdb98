"""The unit's word on a single: confirming, refusing, judging an objection."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.vetting import AppealState
from matchmaking.models import ProfileAppeal, SingleProfile
from matchmaking.services.profiles import judges_of
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.members.choices import MaritalStatus
from portal.messaging.services.messages import message_post, messages_post

if TYPE_CHECKING:
    from portal.members.models import Member


def _check_until(until: date) -> None:
    """A word holds from tomorrow on and for a year at most."""
    today = timezone.localdate()
    if not today < until <= today + timedelta(days=settings.MATCHMAKING_VOUCHED_DAYS_MOST):
        raise DomainError(_("A word holds for a year at most, and longer than today."), code="until")


def _check_standing(profile: SingleProfile) -> None:
    """Who vouches must still stand over the single, and the roster must not say otherwise."""
    member, place = profile.member, profile.vetting_organization
    if member.organization is None or place is None or not member.organization.path.startswith(place.path):
        raise DomainError(_("She no longer belongs here; her new unit is asked when she sends it again."), code="moved")
    if member.marital_status == MaritalStatus.OTHER:
        raise DomainError(
            _("The roster says that she is not single. Correct the entry first, or refuse."), code="not-single"
        )


def _word(profile: SingleProfile, actor: Member, until: date) -> dict[str, Any]:
    return {
        "vetted_by": actor,
        "vetted_at": timezone.now(),
        "verified_until": until,
        "vouched_unit": profile.member.organization,
        "refusal_reason": "",
    }


@transaction.atomic
def profile_confirm(*, profile: SingleProfile, actor: Member, until: date) -> SingleProfile:
    """Give the word that she works here and is single, as far as is known, until a day (not included)."""
    _not_her_own(profile, actor)
    _check_until(until)
    locks.hold_without_key(profile.member)
    if locks.hold(profile).state != ProfileState.UNIT_VETTING:
        raise DomainError(_("This profile does not wait for a word."), code="not-waiting")
    _check_standing(profile)
    held = advance(profile, ProfileState.VERIFIED, actor=actor, **_word(profile, actor, until))
    message_post(
        kind="matchmaking.single_confirmed",
        to=held.member,
        about=held,
        context={"until": until.isoformat()},
        url=reverse("matchmaking:single-home"),
    )
    return held


def _not_her_own(profile: SingleProfile, actor: Member) -> None:
    if profile.member_id == actor.pk:
        raise DomainError(_("Nobody vouches for herself."), code="own")


@transaction.atomic
def profile_refuse(*, profile: SingleProfile, actor: Member, reason: str) -> SingleProfile:
    """Refuse with a reason that she reads; she may correct and send it again, or object."""
    _not_her_own(profile, actor)
    held = advance(profile, ProfileState.REFUSED, actor=actor, vetted_by=actor, refusal_reason=reason)
    message_post(kind="matchmaking.single_refused", to=held.member, about=held, url=reverse("matchmaking:single-home"))
    return held


@transaction.atomic
def appeal_make(*, profile: SingleProfile, actor: Member, words: str) -> ProfileAppeal:
    """Object to a refusal: the level above whoever refused judges it; never who refused."""
    held = locks.hold(profile)
    if held.member_id != actor.pk:
        raise DomainError(_("This is not your profile."), code="not-yours")
    if held.state != ProfileState.REFUSED:
        raise DomainError(_("There is no refusal to object to."), code="not-refused")
    if held.appeals.filter(state=AppealState.OPEN).exists():
        raise DomainError(_("Your objection is being looked at already."), code="twice")
    asked = held.vetting_organization
    assert asked is not None, "who was refused has asked somebody"
    place = asked.parent or asked
    (pk,) = reserve_pks(ProfileAppeal)
    row = ProfileAppeal(pk=pk, profile=held, organization=place, words=words)
    row.save(force_insert=True)
    audit_record(actor=actor, action="appeal.make", about=row, to_state=row.state)
    out = {pk for pk in (held.member_id, held.vetted_by_id) if pk}
    messages_post(
        kind="matchmaking.appeal_made",
        recipients=[(person, {}) for person in judges_of(place, but=out)],
        about=row,
        url=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def appeal_decide(
    *, appeal: ProfileAppeal, actor: Member, upheld: bool, answer: str, until: date | None = None
) -> ProfileAppeal:
    """Judge an objection: upheld, the profile is confirmed in the unit's place until a day; else the refusal stands."""
    profile = locks.hold(appeal.profile)
    if actor.pk in (profile.vetted_by_id, profile.member_id):
        raise DomainError(_("Who refused does not judge the objection."), code="own")
    if upheld:
        if until is None:
            raise DomainError(_("Say until when the word holds."), code="until")
        _check_until(until)
        _check_standing(profile)
    row = advance(
        appeal,
        AppealState.UPHELD if upheld else AppealState.DISMISSED,
        actor=actor,
        answer=answer,
        decided_by=actor,
        decided_at=timezone.now(),
    )
    if upheld:
        if profile.state != ProfileState.REFUSED:
            raise DomainError(_("She has sent it again meanwhile; there is no refusal any more."), code="moved-on")
        assert until is not None
        advance(profile, ProfileState.VERIFIED, actor=actor, **_word(profile, actor, until))
    message_post(
        kind="matchmaking.appeal_decided", to=profile.member, about=row, url=reverse("matchmaking:single-home")
    )
    return row
