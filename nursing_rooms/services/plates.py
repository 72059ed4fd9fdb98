"""The plate of a room: issued, replaced, withdrawn with the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import STANDING
from nursing_rooms.selectors.plates import PLATE, plate_of
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.papers.services.certificates import certificate_issue, certificate_replace, certificate_withdraw

if TYPE_CHECKING:
    from nursing_rooms.models import NursingRoom
    from portal.members.models import Member
    from portal.papers.models import Certificate

# Characters of the reason that a certificate keeps.
REASON = 300


@transaction.atomic
def plate_issue(*, actor: Member, room: NursingRoom) -> Certificate:
    """Issue the plate of a room that stands; DomainError if it has one already."""
    held = locks.hold(room)
    if held.state not in STANDING:
        raise DomainError(_("Only a room that has been opened gets a plate."), code="not-standing")
    plate = certificate_issue(actor=actor, about=held, kind=PLATE)
    audit_record(actor=actor, action="room.plate", about=held, data={"certificate": plate.pk})
    return plate


@transaction.atomic
def plate_replace(*, actor: Member, room: NursingRoom, reason: str) -> Certificate:
    """Withdraw the plate of a room and issue another one; the code of the old one leads nowhere any more."""
    held = locks.hold(room)
    plate = plate_of(held)
    if plate is None:
        raise DomainError(_("This room has no plate yet."), code="no-plate")
    new = certificate_replace(actor=actor, certificate=plate, reason=reason)
    audit_record(actor=actor, action="room.plate-replaced", about=held, data={"certificate": new.pk})
    return new


def plate_withdraw(*, actor: Member, room: NursingRoom, reason: str) -> None:
    """Withdraw the plate of a room, if it has one; called in the transaction that withdraws the room."""
    plate = plate_of(room)
    if plate is not None:
        certificate_withdraw(actor=actor, certificate=plate, reason=reason[:REASON])
