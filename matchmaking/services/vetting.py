"""Services to vet singles: confirm or refuse a profile, and decide an appeal."""

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
    """Refuse a date before tomorrow or more than a year ahead as the end of a verification."""
    today = timezone.localdate()
    if not today < until <= today + timedelta(days=settings.MATCHMAKING_VOUCHED_DAYS_MOST):
        raise DomainError(_("The confirmation must end later than today and last one year at most."), code="until")


def _check_standing(profile: SingleProfile) -> None:
    """Refuse when the single has left the vetting organisation or the roster says they are not single."""
    member, place = profile.member, profile.vetting_organization
    if member.organization is None or place is None or not member.organization.path.startswith(place.path):
        raise DomainError(
            _(
                "This person no longer belongs to this organisation. When they submit "
                "the profile again, their new unit confirms it."
            ),
            code="moved",
        )
    if member.marital_status == MaritalStatus.OTHER:
        raise DomainError(
            _("The roster says that this person is not single. Correct the entry first, or reject the profile."),
            code="not-single",
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
    """Confirm that the person works here and, as far as known, is single, until a day (not included)."""
    _not_her_own(profile, actor)
    _check_until(until)
    locks.hold_without_key(profile.member)
    if locks.hold(profile).state != ProfileState.UNIT_VETTING:
        raise DomainError(_("This profile is not waiting for confirmation."), code="not-waiting")
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
        raise DomainError(_("You cannot vouch for yourself."), code="own")


@transaction.atomic
def profile_refuse(*, profile: SingleProfile, actor: Member, reason: str) -> SingleProfile:
    """Refuse a profile with a reason that its owner reads.

    The owner may correct and resubmit it, or appeal.
    """
    _not_her_own(profile, actor)
    held = advance(profile, ProfileState.REFUSED, actor=actor, vetted_by=actor, refusal_reason=reason)
    message_post(kind="matchmaking.single_refused", to=held.member, about=held, url=reverse("matchmaking:single-home"))
    return held


@transaction.atomic
def appeal_make(*, profile: SingleProfile, actor: Member, words: str) -> ProfileAppeal:
    """Appeal against a refusal: the level above the refusing organisation decides.

    The person who refused never decides.
    """
    held = locks.hold(profile)
    if held.member_id != actor.pk:
        raise DomainError(_("This is not your profile."), code="not-yours")
    if held.state != ProfileState.REFUSED:
        raise DomainError(_("There is no rejection to appeal against."), code="not-refused")
    if held.appeals.filter(state=AppealState.OPEN).exists():
        raise DomainError(_("Your appeal is already being handled."), code="twice")
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
    """Decide an appeal.

    If it is upheld, the profile is confirmed in the unit's place until a day; otherwise the refusal stands.
    """
    profile = locks.hold(appeal.profile)
    if actor.pk in (profile.vetted_by_id, profile.member_id):
        raise DomainError(_("The person who rejected the profile cannot decide on the appeal."), code="own")
    if upheld:
        if until is None:
            raise DomainError(_("Enter the date until which the confirmation is valid."), code="until")
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
            raise DomainError(
                _("The person has submitted the profile again, so the earlier rejection no longer exists."),
                code="moved-on",
            )
        assert until is not None
        advance(profile, ProfileState.VERIFIED, actor=actor, **_word(profile, actor, until))
    message_post(
        kind="matchmaking.appeal_decided", to=profile.member, about=row, url=reverse("matchmaking:single-home")
    )
    return row
