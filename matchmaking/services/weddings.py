"""Services to plan, open, close, hold and cancel group weddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import GroupWedding
from matchmaking.services.couples import accepted_count, couples_promote, couples_release, tell_couples
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization

CLOCK = Clock("matchmaking.wedding")
EDITABLE = (WeddingState.DRAFT, WeddingState.OPEN, WeddingState.CLOSED)


@transaction.atomic
def wedding_create(*, actor: Member, organization: Organization, **fields: Any) -> GroupWedding:
    """Create a group wedding of ``organization`` as a draft, until it is opened."""
    wedding = GroupWedding(organization=organization, created_by=actor, **fields)
    _check_times(wedding)
    wedding.full_clean(exclude=["organization", "created_by"])
    wedding.save(force_insert=True)
    audit_record(actor=actor, action="wedding.create", about=wedding)
    return wedding


def _check_times(wedding: GroupWedding) -> None:
    if timezone.localdate(wedding.closes_at) >= wedding.on:
        raise DomainError(_("The application deadline must be before the day of the wedding."), code="closes-late")


@transaction.atomic
def wedding_update(*, actor: Member, wedding: GroupWedding, version: int, **fields: Any) -> GroupWedding:
    """Change a wedding that is not over; raises Conflict when another edit came first."""
    held = locks.hold_version(wedding, version)
    if held.state not in EDITABLE:
        raise DomainError(_("A wedding that has ended cannot be edited."), code="not-editable")
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    _check_times(held)
    if held.couples_most < accepted_count(held):
        raise DomainError(_("The number of confirmed couples is already higher than this."), code="too-few")
    held.version += 1
    held.full_clean(exclude=["organization", "created_by"])
    held.save(update_fields=[*touched, "version"])
    audit_record(actor=actor, action="wedding.update", about=held, fields=touched)
    if held.state != WeddingState.DRAFT and {"on", "place"} & set(touched):
        tell_couples(held, "matchmaking.wedding_changed")
    couples_promote(held)
    return held


def wedding_open(*, wedding: GroupWedding, actor: Member) -> GroupWedding:
    """Open a wedding for applications of couples."""
    if wedding.closes_at <= timezone.now():
        raise DomainError(_("The application deadline has passed. Correct the times first."), code="past")
    return advance(wedding, WeddingState.OPEN, actor=actor)


@transaction.atomic
def wedding_close(*, wedding: GroupWedding, actor: Member | Clock) -> GroupWedding:
    """Close the list; couples whose other person has not confirmed are withdrawn."""
    wedding = advance(wedding, WeddingState.CLOSED, actor=actor)
    couples_release(wedding, states=[CoupleState.ASKED], kind="matchmaking.couple_unconfirmed")
    return wedding


@transaction.atomic
def wedding_hold(*, wedding: GroupWedding, actor: Member) -> GroupWedding:
    """Record that the wedding was held; couples that were not accepted are withdrawn."""
    if wedding.on > timezone.localdate():
        raise DomainError(_("The day of the wedding has not come yet."), code="early")
    wedding = advance(wedding, WeddingState.HELD, actor=actor)
    rest = [CoupleState.ASKED, CoupleState.APPLIED, CoupleState.WAITLISTED]
    couples_release(wedding, states=rest, kind="matchmaking.couple_over")
    tell_couples(wedding, "matchmaking.wedding_held")
    touch(wedding._meta.label_lower, wedding.organization_id, wedding.on, wedding.on)
    return wedding


@transaction.atomic
def wedding_cancel(*, wedding: GroupWedding, actor: Member, reason: str) -> GroupWedding:
    """Cancel a wedding; every couple is told the reason."""
    wedding = advance(wedding, WeddingState.CANCELLED, actor=actor, note=reason)
    couples_release(wedding, states=None, kind="matchmaking.wedding_cancelled", reason=reason)
    return wedding


def weddings_keep_time() -> int:
    """Close the lists of weddings whose deadline has passed; return how many."""
    due = GroupWedding.objects.filter(state=WeddingState.OPEN, closes_at__lte=timezone.now())
    closed = 0
    with steps_of("matchmaking.weddings") as steps:
        for wedding in due.order_by("pk"):
            with steps.one(wedding):
                held = locks.hold(wedding)
                if held.state == WeddingState.OPEN and held.closes_at <= timezone.now():
                    wedding_close(wedding=held, actor=CLOCK)
                    closed += 1
    return closed
