"""Services for publicity: nominations to media, and records of publications.

Nothing is passed on before the person consents to this medium and this purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.publicity import STANDING_NOMINATIONS, NominationState
from matchmaking.models import MediaRelease, Nomination
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.models import Member
from portal.members.services.consents import consent_give, consent_withdraw
from portal.members.services.people import phone_index_of
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    from portal.members.consents import Purpose
    from portal.organizations.models import Organization


def purpose_of(nomination: Nomination) -> Purpose:
    """Return what the person is asked to consent to: this medium, this programme, this purpose."""
    return consents.publicity_of(nomination.get_medium_display(), nomination.programme, nomination.purpose)


def person_by_phone(*, phone: str, organization: Organization) -> Member:
    """Return the one person at or below ``organization`` with this number; refuse when there is none."""
    people = Member.objects.filter(phone_index=phone_index_of(phone), is_active=True)
    found = list(people.filter(organization__path__startswith=organization.path)[:2])
    if len(found) != 1:
        raise DomainError(
            _("No member of this organisation or of one below it has this mobile number."), code="unknown"
        )
    return found[0]


@transaction.atomic
def nomination_ask(
    *, actor: Member, organization: Organization, phone: str, medium: str, programme: str, purpose: str
) -> Nomination:
    """Propose a person to a medium.

    The person is asked first, and nothing is passed on before they agree.
    """
    member = person_by_phone(phone=phone, organization=organization)
    if Nomination.objects.filter(member=member, medium=medium, programme=programme, settled_on=None).exists():
        raise DomainError(_("This person is already proposed there."), code="proposed")
    nomination = Nomination(
        organization=organization,
        member=member,
        medium=medium,
        programme=programme,
        purpose=purpose,
        created_by=actor,
    )
    nomination.full_clean(exclude=["organization", "member", "created_by"])
    nomination.save(force_insert=True)
    audit_record(actor=actor, action="nomination.ask", about=nomination)
    message_post(
        kind="matchmaking.nomination_asked",
        to=member,
        about=nomination,
        url=reverse("matchmaking:nomination-answer", args=[nomination.pk]),
    )
    return nomination


def _own(nomination: Nomination, actor: Member) -> Nomination:
    held = locks.hold(nomination)
    if held.member_id != actor.pk:
        raise DomainError(_("You cannot decide this."), code="not-yours")
    return held


@transaction.atomic
def nomination_answer(*, nomination: Nomination, actor: Member, agree: bool) -> Nomination:
    """Agree or decline as the nominated person; the proposer is notified."""
    held = _own(nomination, actor)
    if agree:
        held = advance(held, NominationState.CONSENTED, actor=actor)
        consent_give(member=actor, purpose=purpose_of(held), about_id=held.pk)
    else:
        held = advance(held, NominationState.DECLINED, actor=actor, settled_on=timezone.localdate())
    _tell_proposer(held, "matchmaking.nomination_answered")
    return held


def _tell_proposer(nomination: Nomination, kind: str) -> None:
    message_post(
        kind=kind,
        to=nomination.created_by,
        about=nomination,
        context={"number": nomination.pk},
        url=nomination.get_absolute_url(),
    )


@transaction.atomic
def nomination_take_back(*, nomination: Nomination, actor: Member) -> Nomination:
    """Withdraw the consent, at any time.

    From this moment nothing may be passed on, and the proposer is notified.
    """
    held = _own(nomination, actor)
    held = advance(held, NominationState.WITHDRAWN, actor=actor, settled_on=timezone.localdate())
    consent_withdraw(member=actor, purpose=consents.PUBLICITY, about_id=held.pk)
    _tell_proposer(held, "matchmaking.nomination_withdrawn")
    return held


def nomination_pass_on(*, nomination: Nomination, actor: Member) -> Nomination:
    """Record that the person was proposed to the medium; only with their consent in force."""
    return advance(nomination, NominationState.NOMINATED, actor=actor)


def nomination_release(*, nomination: Nomination, actor: Member) -> Nomination:
    """Record that the nomination led to a publication or broadcast."""
    return advance(nomination, NominationState.RELEASED, actor=actor)


@transaction.atomic
def erase_nominations(member: Member) -> int:
    """End and delete every nomination of ``member``; return how many."""
    rows = locks.hold_all(Nomination.objects.all().of(member))
    for row in rows:
        if row.state in STANDING_NOMINATIONS:
            nomination_take_back(nomination=row, actor=member)
    Nomination.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def release_record(*, actor: Member, organization: Organization, **fields: Any) -> MediaRelease:
    """Record a publication about the matchmaking work."""
    release = MediaRelease(organization=organization, **fields)
    _check_day(release)
    release.full_clean(exclude=["organization"])
    release.save(force_insert=True)
    audit_record(actor=actor, action="release.create", about=release)
    return release


def _check_day(release: MediaRelease) -> None:
    if release.published_on > timezone.localdate():
        raise DomainError(_("The publication date cannot be later than today."), code="future")


@transaction.atomic
def release_update(*, actor: Member, release: MediaRelease, version: int, **fields: Any) -> MediaRelease:
    """Correct a publication; raises Conflict when another edit came first."""
    held = locks.hold_version(release, version)
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    _check_day(held)
    held.version += 1
    held.full_clean(exclude=["organization"])
    held.save(update_fields=[*touched, "version"])
    audit_record(actor=actor, action="release.update", about=held, fields=touched)
    return held
