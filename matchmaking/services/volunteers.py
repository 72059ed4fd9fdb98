"""Services for volunteer matchmakers: applying, pledge, training, beginning, pausing, ending."""

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

TWICE = _("This person is already a matchmaker or has applied.")


def helps_at(member: Member) -> Organization | None:
    """Return the organisation that takes ``member`` on as a volunteer: the nearest one above the units."""
    place = member.organization
    while place is not None and place.kind == OrganizationKind.GRASSROOTS and place.parent is not None:
        place = place.parent
    return place


def volunteer_apply(*, member: Member, motive: str) -> Volunteer:
    """Apply as a matchmaker at the organisation above the member's unit.

    Staff train the member and let them begin.
    """
    organization = helps_at(member)
    if organization is None:
        raise DomainError(_("You do not belong to a unit yet. Contact your union first."), code="no-unit")
    return _begin(member=member, organization=organization, actor=member, motive=motive)


def volunteer_create(*, actor: Member, organization: Organization, member: Member, most: int = 20) -> Volunteer:
    """Enter ``member`` as a matchmaker of ``organization``, as staff; only the member signs the pledge."""
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
    """Create the row of a volunteer, or reopen that of one who had ended.

    A returning volunteer signs the pledge and is trained again.
    """
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
    """Sign the pledge as it is shown now; only the volunteer may sign it."""
    if volunteer.member_id != actor.pk:
        raise DomainError(_("Only the matchmaker can sign the pledge."), code="not-yours")
    held = locks.hold(volunteer)
    if held.state == VolunteerState.ENDED:
        raise DomainError(_("You are no longer a matchmaker. Apply again first."), code="ended")
    consent_give(member=actor, purpose=consents.PLEDGE)
    held.pledged_at, held.pledge_version = timezone.now(), consents.PLEDGE.version
    held.save(update_fields=["pledged_at", "pledge_version"])
    audit_record(actor=actor, action="volunteer.pledge", about=held, fields=["pledged_at"])
    return held


@transaction.atomic
def volunteer_train(*, volunteer: Volunteer, actor: Member, trained_on: date, most: int) -> Volunteer:
    """Record when a volunteer was trained, and how many singles they look after at most."""
    if trained_on > timezone.localdate():
        raise DomainError(_("The training date cannot be in the future."), code="future")
    held = locks.hold(volunteer)
    if held.state == VolunteerState.ENDED:
        raise DomainError(_("This person is no longer a matchmaker."), code="ended")
    held.trained_on, held.most = trained_on, most
    held.save(update_fields=["trained_on", "most"])
    audit_record(actor=actor, action="volunteer.train", about=held, fields=["trained_on", "most"])
    return held


def volunteer_activate(*, volunteer: Volunteer, actor: Member) -> Volunteer:
    """Let a pledged and trained volunteer begin, or begin again; nobody activates themselves."""
    if volunteer.member_id == actor.pk:
        raise DomainError(_("Another person must confirm that you may start as a matchmaker."), code="own")
    if volunteer.pledged_at is None or volunteer.trained_on is None:
        raise DomainError(
            _("A matchmaker can begin only after signing the pledge and completing the training."), code="not-ready"
        )
    row = advance(volunteer, VolunteerState.ACTIVE, actor=actor)
    message_post(
        kind="matchmaking.volunteer_active", to=row.member, about=row, url=reverse("matchmaking:caseload-list")
    )
    return row


@transaction.atomic
def volunteer_rest(*, volunteer: Volunteer, actor: Member) -> Volunteer:
    """Pause a volunteer: their singles are handed back and assigned anew."""
    row = advance(volunteer, VolunteerState.RESTING, actor=actor)
    cases_hand_back(volunteer=row, actor=actor)
    return row


@transaction.atomic
def volunteer_end(*, volunteer: Volunteer, actor: Member) -> Volunteer:
    """End a volunteer's service: their singles are handed back and no longer visible to them."""
    row = advance(volunteer, VolunteerState.ENDED, actor=actor, valid_until=timezone.localdate())
    cases_hand_back(volunteer=row, actor=actor)
    consent_withdraw(member=row.member, purpose=consents.PLEDGE)
    return row


@transaction.atomic
def volunteer_stop(*, member: Member) -> Volunteer | None:
    """End the member's own service as a matchmaker, whatever its state; None if there is none."""
    row = Volunteer.objects.filter(member=member).exclude(state=VolunteerState.ENDED).select_related("member").first()
    return volunteer_end(volunteer=row, actor=member) if row is not None else None


@transaction.atomic
def erase_matchmaking_help(member: Member) -> None:
    """Erase what matchmakers wrote about ``member`` and what the member wrote as one.

    The singles in the member's care are handed back. Rows that others depend on stay, without text: that there was a
    case, an introduction, a volunteer.
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
