"""Volunteer matchmakers: applying, the pledge, training, beginning, pausing, ending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import ContactLog, Introduction, MatchCase, MeetingFeedback, SingleProfile, Volunteer
from matchmaking.services.cases import cases_close, cases_hand_back
from matchmaking.services.introductions import introductions_end
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.services.consents import consent_give, consent_withdraw
from portal.messaging.services.messages import message_post
from portal.organizations.choices import OrganizationKind

if TYPE_CHECKING:
    from datetime import date

    from portal.members.models import Member
    from portal.organizations.models import Organization

TWICE = _("This person is a matchmaker already, or has applied.")


def helps_at(member: Member) -> Organization | None:
    """Return the organisation that takes ``member`` on: the nearest one above the units."""
    place = member.organization
    while place is not None and place.kind == OrganizationKind.GRASSROOTS and place.parent is not None:
        place = place.parent
    return place


def volunteer_apply(*, member: Member, motive: str) -> Volunteer:
    """``member`` offers her help to the organisation above her unit; staff train her and let her begin."""
    organization = helps_at(member)
    if organization is None:
        raise DomainError(_("You belong to no unit yet; ask your union first."), code="no-unit")
    return _begin(member=member, organization=organization, actor=member, motive=motive)


def volunteer_create(*, actor: Member, organization: Organization, member: Member, most: int = 20) -> Volunteer:
    """Staff put ``member`` down as a matchmaker of ``organization``; she signs the pledge herself."""
    row = _begin(member=member, organization=organization, actor=actor, most=most)
    message_post(
        kind="matchmaking.volunteer_asked",
        to=member,
        about=row,
        context={"title": organization.name},
        url=reverse("matchmaking:helping-detail"),
    )
    return row


@transaction.atomic
def _begin(*, member: Member, organization: Organization, actor: Member, **fields: Any) -> Volunteer:
    """Write the volunteer down, anew or again: who ended and comes back signs and is trained again."""
    earlier = Volunteer.objects.filter(member=member).order_by("-pk").first()
    fields |= {"organization": organization, "given_by": actor, "valid_from": timezone.localdate()}
    if earlier is not None and earlier.state == VolunteerState.ENDED:
        return advance(
            earlier,
            VolunteerState.APPLIED,
            actor=actor,
            **fields,
            valid_until=None,
            pledged_at=None,
            pledge_version=None,
            trained_on=None,
        )
    try:
        with transaction.atomic():
            row = Volunteer.objects.create(member=member, **fields)
    except IntegrityError:
        raise DomainError(TWICE, code="twice") from None
    audit_record(actor=actor, action="volunteer.create", about=row, to_state=row.state)
    return row


@transaction.atomic
def volunteer_pledge(*, volunteer: Volunteer, actor: Member) -> Volunteer:
    """She signs the pledge as shown now; nobody signs for her."""
    if volunteer.member_id != actor.pk:
        raise DomainError(_("The pledge is signed by the matchmaker herself."), code="not-yours")
    held = locks.hold(volunteer)
    if held.state == VolunteerState.ENDED:
        raise DomainError(_("You no longer help as a matchmaker. Apply again first."), code="ended")
    consent_give(member=actor, purpose=consents.PLEDGE)
    held.pledged_at, held.pledge_version = timezone.now(), consents.PLEDGE.version
    held.save(update_fields=["pledged_at", "pledge_version"])
    audit_record(actor=actor, action="volunteer.pledge", about=held, fields=["pledged_at"])
    return held


@transaction.atomic
def volunteer_train(*, volunteer: Volunteer, actor: Member, trained_on: date, most: int) -> Volunteer:
    """Write down when she was trained, and how many people she carries at most."""
    if trained_on > timezone.localdate():
        raise DomainError(_("The day of the training lies in the future."), code="future")
    held = locks.hold(volunteer)
    if held.state == VolunteerState.ENDED:
        raise DomainError(_("She no longer helps as a matchmaker."), code="ended")
    held.trained_on, held.most = trained_on, most
    held.save(update_fields=["trained_on", "most"])
    audit_record(actor=actor, action="volunteer.train", about=held, fields=["trained_on", "most"])
    return held


def volunteer_activate(*, volunteer: Volunteer, actor: Member) -> Volunteer:
    """Let her begin, or begin again: pledged and trained. Nobody lets herself begin."""
    if volunteer.member_id == actor.pk:
        raise DomainError(_("Somebody else lets you begin."), code="own")
    if volunteer.pledged_at is None or volunteer.trained_on is None:
        raise DomainError(_("A matchmaker begins when she has signed the pledge and been trained."), code="not-ready")
    row = advance(volunteer, VolunteerState.ACTIVE, actor=actor)
    message_post(
        kind="matchmaking.volunteer_active", to=row.member, about=row, url=reverse("matchmaking:caseload-list")
    )
    return row


@transaction.atomic
def volunteer_rest(*, volunteer: Volunteer, actor: Member) -> Volunteer:
    """She rests: her people are handed back and shared anew."""
    row = advance(volunteer, VolunteerState.RESTING, actor=actor)
    cases_hand_back(volunteer=row, actor=actor)
    return row


@transaction.atomic
def volunteer_end(*, volunteer: Volunteer, actor: Member) -> Volunteer:
    """She stops: her people are handed back, and she sees nothing of them any more."""
    row = advance(volunteer, VolunteerState.ENDED, actor=actor, valid_until=timezone.localdate())
    cases_hand_back(volunteer=row, actor=actor)
    consent_withdraw(member=row.member, purpose=consents.PLEDGE)
    return row


@transaction.atomic
def volunteer_stop(*, member: Member) -> Volunteer | None:
    """She stops herself, whatever her state; nothing happens where she is no matchmaker."""
    row = Volunteer.objects.filter(member=member).exclude(state=VolunteerState.ENDED).select_related("member").first()
    return volunteer_end(volunteer=row, actor=member) if row is not None else None


@transaction.atomic
def erase_matchmaking_help(member: Member) -> None:
    """Erase what matchmakers wrote of ``member`` and what she wrote as one; hand her own people back.

    Rows that others count on stay, without a word: that there was a case, an introduction, a volunteer.
    """
    volunteer_stop(member=member)
    profile = SingleProfile.objects.own(member).select_related("member").first()
    if profile is not None:
        introductions_end(profile=profile)
        cases_close(profile=profile, actor=member)
    cases = MatchCase.objects.filter(Q(profile__member=member) | Q(volunteer__member=member))
    ContactLog.objects.filter(case__in=cases).delete()
    cases.update(next_action="")
    MeetingFeedback.objects.filter(member=member).delete()
    Introduction.objects.of(member).update(words="")
    Volunteer.objects.filter(member=member).update(motive="")
