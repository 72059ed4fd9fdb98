"""Services that time triggers for profiles: expired verification, a left unit, final deletion."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.profiles import VOUCHED, ProfileState
from matchmaking.models import AbuseReport, Block, Introduction, MatchCase, ProfileAppeal, SingleProfile
from matchmaking.services.photos import forget_photos
from matchmaking.services.profiles import VOID, profile_exit
from matchmaking.services.standing import signups_end
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.members.choices import MaritalStatus
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    from matchmaking.querysets.profiles import SingleProfileQuerySet
    from portal.members.models import Member

PURGE_AFTER = timedelta(days=183)
EMPTIED = {
    "nickname": "",
    "about": "",
    "hopes": "",
    "occupation": "",
    "height_cm": None,
    "education": None,
    "region": None,
    "wish_age_from": None,
    "wish_age_to": None,
    "wish_height_from": None,
    "wish_height_to": None,
    "wish_education": None,
    "wish_region": None,
    "refusal_reason": "",
}


def void_now(now: datetime | None = None) -> SingleProfileQuerySet:
    """Return profiles whose verification no longer holds.

    It has expired, the person has left the unit, or the roster says that they are not single.
    """
    today = timezone.localdate(now)
    left = ~Q(vouched_unit=F("member__organization")) | Q(member__organization=None)
    married = Q(member__marital_status=MaritalStatus.OTHER)
    return SingleProfile.objects.filter(Q(state__in=VOUCHED) & (Q(verified_until__lte=today) | left | married))


def profiles_keep_time() -> int:
    """Make profiles whose verification no longer holds drafts again; return how many.

    Each profile is handled in its own transaction.
    """
    clock = Clock("matchmaking.keep_profiles")
    count = 0
    with steps_of("matchmaking.profiles") as steps:
        for profile in void_now().order_by("pk"):
            with steps.one(profile):
                count += _void(profile, clock)
    return count


@transaction.atomic
def _void(profile: SingleProfile, clock: Clock) -> int:
    if not void_now().filter(pk=locks.hold(profile).pk).exists():
        return 0
    try:
        held = advance(profile, ProfileState.DRAFT, actor=clock, **VOID)
    except DomainError:
        return 0
    signups_end(members=[held.member])
    message_post(kind="matchmaking.single_expired", to=held.member, about=held, url=reverse("matchmaking:single-home"))
    return 1


def profiles_to_purge(now: datetime) -> SingleProfileQuerySet:
    """Return profiles of people who left more than six months ago that are not empty yet."""
    return SingleProfile.objects.filter(state=ProfileState.EXITED, exited_at__lt=now - PURGE_AFTER).exclude(nickname="")


@transaction.atomic
def profile_purge(*, profile: SingleProfile) -> bool:
    """Delete the content of a profile whose owner left; return False for any other profile.

    Texts, facts, wishes, photos with their files, and appeals are deleted. The empty row stays only where introductions
    or cases refer to it.
    """
    held = locks.hold(profile)
    if held.state != ProfileState.EXITED:
        return False
    forget_photos(held)
    held.hobbies.clear()
    held.hidden_from.clear()
    ProfileAppeal.objects.filter(profile=held).delete()
    audit_record(actor=Clock("matchmaking.retention"), action="single.purge", about=held)
    named = Introduction.objects.filter(Q(one=held) | Q(two=held)).exists()
    if named or MatchCase.objects.filter(profile=held).exists():
        for name, value in EMPTIED.items():
            setattr(held, name, value)
        held.save(update_fields=list(EMPTIED))
    else:
        held.delete()
    return True


@transaction.atomic
def erase_profile(*, member: Member, actor: Member) -> None:
    """Erase what matchmaking holds of a person as a single.

    This covers the profile, the person's blocks, and the names that others' blocks give them. Reports stay with the
    staff who handle them, by number; the texts of the person's own settled reports are emptied.
    """
    profile = SingleProfile.objects.filter(member=member).first()
    if profile is not None:
        if profile.state != ProfileState.EXITED:
            profile_exit(profile=profile, actor=member)
        profile_purge(profile=profile)
    Block.objects.filter(blocker=member).delete()
    Block.objects.filter(blocked=member).update(label="")
    for report in AbuseReport.objects.filter(reporter=member, settled_at__isnull=False):
        report.words = report.answer = ""
        report.save(update_fields=["words", "answer"])
    audit_record(actor=actor, action="single.erase", about=member)
