"""Services of nursing rooms: registering, checking, opening, closing, looking after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.facilities import missing_facilities
from nursing_rooms.models import NursingRoom, RoomManager
from portal.audit.gate import advance
from portal.audit.services import audit_record, row_create, row_update
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.messages import message_post
from portal.messaging.services.touching import touch
from portal.organizations.selectors import lies_within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from portal.members.models import Member
    from portal.organizations.models import Organization, Region

PLACE = ("longitude", "latitude", "given_longitude", "given_latitude", "given_datum")
OUTSIDE = _("This region is outside the region of the union that manages the room.")


def _check_region(region: Region, organization: Organization) -> None:
    if not lies_within(region, organization):
        raise DomainError(OUTSIDE, code="outside")


def _touch(room: NursingRoom, first: date | None = None) -> None:
    touch(NursingRoom._meta.label_lower, room.organization_id, first or timezone.localdate())


def room_create(*, actor: Member, organization: Organization, **fields: Any) -> NursingRoom:
    """Enter a room that a unit applies for; the county checks it and the city accepts it.

    ``point`` is the position as it was entered, or None.
    """
    _check_region(fields["region"], organization)
    point = fields.pop("point", None)
    room = NursingRoom(organization=organization, **fields)
    room.place(point)
    return row_create(actor=actor, row=room, action="room.create")


def room_update(*, actor: Member, room: NursingRoom, version: int, **fields: Any) -> NursingRoom:
    """Change a room; raises Conflict if another edit came first. A change on site also verifies the room."""
    _check_region(fields.get("region", room.region), room.organization)
    if "point" in fields:
        placed = NursingRoom()
        placed.place(fields.pop("point"))
        fields |= {name: getattr(placed, name) for name in PLACE}
    fields["verified_at"] = timezone.now()
    return row_update(actor=actor, row=room, action="room.update", version=version, fields=fields)


def room_check(*, actor: Member, room: NursingRoom) -> NursingRoom:
    """Record that the county checked a room; refused while facilities are missing that its type requires."""
    missing = missing_facilities(room.room_type, room.facilities)
    if missing:
        raise DomainError(
            _("The type of this room requires: %(names)s.") % {"names": "、".join(str(name) for name in missing)},
            code="facilities",
        )
    return advance(room, RoomState.CHECKED, actor=actor)


@transaction.atomic
def room_open(*, actor: Member, room: NursingRoom) -> NursingRoom:
    """Open a room: after the acceptance by the city, or after a temporary closing.

    A public room needs a position, a floor and a landmark, so that it can be found inside the building.
    """
    held = locks.hold(room)
    if held.is_public and held.state == RoomState.CHECKED:
        lacking = [
            NursingRoom._meta.get_field(name).verbose_name
            for name in ("longitude", "floor", "landmark")
            if getattr(held, name) in (None, "")
        ]
        if lacking:
            raise DomainError(
                _("A public room cannot be opened without: %(names)s.") % {"names": "、".join(map(str, lacking))},
                code="not-findable",
            )
    today = timezone.localdate()
    opened = held.opened_on or today
    held = advance(
        held,
        RoomState.OPEN,
        actor=actor,
        opened_on=opened,
        closed_from=None,
        closed_until=None,
        closed_reason="",
        verified_at=timezone.now(),
    )
    _touch(held, opened)
    return held


def room_close(*, actor: Member, room: NursingRoom, closed_until: date, reason: str) -> NursingRoom:
    """Close a room temporarily, with the last day and a reason that visitors read."""
    if closed_until < timezone.localdate():
        raise DomainError(_("The last day lies in the past."), code="past")
    return advance(
        room,
        RoomState.CLOSED,
        actor=actor,
        closed_from=timezone.localdate(),
        closed_until=closed_until,
        closed_reason=reason,
        verified_at=timezone.now(),
    )


@transaction.atomic
def room_retire(*, actor: Member, room: NursingRoom, reason: str) -> NursingRoom:
    """Withdraw a room from today on: no list, map or count has it any more, and nobody looks after it."""
    today = timezone.localdate()
    held = advance(room, RoomState.RETIRED, actor=actor, note=reason, retired_on=today)
    held.managers.current().update(valid_until=today)
    _touch(held)
    return held


@transaction.atomic
def room_clean(*, actor: Member, room: NursingRoom) -> NursingRoom:
    """Record that a room was cleaned now."""
    held = locks.hold(room)
    held.cleaned_at = held.verified_at = timezone.now()
    held.save(update_fields=["cleaned_at", "verified_at"])
    audit_record(actor=actor, action="room.clean", about=held)
    return held


@transaction.atomic
def manager_add(*, actor: Member, room: NursingRoom, member: Member) -> RoomManager:
    """Let a member look after a room, and tell them."""
    held = locks.hold(room)
    if held.managers.current().filter(member=member).exists():
        raise DomainError(_("This person already looks after the room."), code="manager")
    row = RoomManager(room=held, member=member, valid_from=timezone.localdate(), given_by=actor)
    row_create(actor=actor, row=row, action="manager.create")
    if member.pk != actor.pk:
        message_post(
            kind="nursing_rooms.manager_added",
            to=member,
            about=held,
            url=held.get_absolute_url(),
            context={"room": held.name},
        )
    return row


@transaction.atomic
def manager_remove(*, actor: Member, manager: RoomManager) -> None:
    """End the looking after of a room today."""
    held = locks.hold(manager)
    held.valid_until = timezone.localdate()
    held.save(update_fields=["valid_until"])
    audit_record(actor=actor, action="manager.remove", about=held)


def rooms_bulk_create(*, rows: Iterable[Mapping[str, Any]]) -> list[NursingRoom]:
    """Create rooms in bulk from checked ``rows``; ``point`` in a row is the position as it was entered."""
    made = []
    for row in rows:
        fields = {name: value for name, value in row.items() if name != "point"}
        room = NursingRoom(**fields)
        if row.get("point") is not None:
            room.place(row["point"])
        made.append(room)
    rooms = NursingRoom.objects.bulk_create(made, batch_size=500)
    for room in {room.organization_id: room for room in rooms}.values():
        _touch(room, min((one.opened_on for one in rooms if one.opened_on), default=None))
    return rooms


@transaction.atomic
def rooms_take_back(*, pks: Collection[int]) -> int:
    """Delete the rooms of an import and return how many; refused once one of them is in use."""
    rows = NursingRoom.objects.filter(pk__in=pks)
    if rows.exclude(reports=None).exists() or rows.exclude(days=None).exists() or rows.exclude(managers=None).exists():
        raise DomainError(_("One of these rooms is in use already."), code="in-use")
    return rows.delete()[0]
