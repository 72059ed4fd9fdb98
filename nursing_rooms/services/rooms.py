"""Services of nursing rooms: registering, checking, opening, closing, looking after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.facilities import missing_facilities
from nursing_rooms.models import NursingRoom, RoomDay, RoomManager
from nursing_rooms.selectors.plates import have_plates
from nursing_rooms.services.plates import plate_withdraw
from nursing_rooms.services.reports import reports_end
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
# What a public room is found by.
NEEDED = {"longitude": _("Position"), "floor": _("Floor"), "landmark": _("Nearest shop or lift")}
OUTSIDE = _("This region is outside the region of the union that manages the room.")


def _check_region(region: Region, organization: Organization) -> None:
    if not lies_within(region, organization):
        raise DomainError(OUTSIDE, code="outside")


def _touch(room: NursingRoom, first: date | None) -> None:
    """Let the figures follow from ``first`` on; None: the room has never been open, so no figure has it."""
    touch(NursingRoom._meta.label_lower, room.organization_id, first)


def room_create(*, actor: Member, organization: Organization, **fields: Any) -> NursingRoom:
    """Enter a room that a unit applies for; the county checks it and the city accepts it.

    ``point`` is the position as it was entered, or None.
    """
    _check_region(fields["region"], organization)
    point = fields.pop("point", None)
    room = NursingRoom(organization=organization, **fields)
    room.place(point)
    return row_create(actor=actor, row=room, action="room.create")


@transaction.atomic
def room_update(*, actor: Member, room: NursingRoom, version: int, **fields: Any) -> NursingRoom:
    """Change a room; raises Conflict if another edit came first. The change also says that the room exists.

    DomainError for a region outside that of the union, and for an upgrade in the future or before the room was opened.
    """
    _check_region(fields.get("region", room.region), room.organization)
    renewed = fields.get("renewed_on")
    if renewed is not None and (renewed > timezone.localdate() or room.opened_on is None or renewed < room.opened_on):
        raise DomainError(
            _("A room is upgraded after it was opened, and not on a day to come."), code="no-such-upgrade"
        )
    if "point" in fields:
        placed = NursingRoom()
        placed.place(fields.pop("point"))
        fields |= {name: getattr(placed, name) for name in PLACE}
    fields["verified_at"] = timezone.now()
    held = row_update(actor=actor, row=room, action="room.update", version=version, fields=fields)
    _touch(held, held.opened_on)
    return held


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
        lacking = [words for name, words in NEEDED.items() if getattr(held, name) in (None, "")]
        if lacking:
            raise DomainError(
                _("A public room cannot be opened without: %(names)s.") % {"names": "、".join(map(str, lacking))},
                code="not-findable",
            )
    opened = held.opened_on or timezone.localdate()
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
    """Withdraw a room from today on: no list, map or count has it any more.

    Nobody looks after it, its plate is no longer valid, and open reports end; settled ones stay as they are.
    """
    today = timezone.localdate()
    held = advance(room, RoomState.RETIRED, actor=actor, note=reason, retired_on=today)
    held.managers.current().update(valid_until=today)
    reports_end(actor=actor, room=held)
    plate_withdraw(actor=actor, room=held, reason=reason)
    _touch(held, today if held.opened_on else None)
    return held


@transaction.atomic
def room_clean(*, actor: Member, room: NursingRoom) -> NursingRoom:
    """Record that a room was cleaned now; DomainError unless it is open."""
    held = locks.hold(room)
    if held.state != RoomState.OPEN:
        raise DomainError(_("Only a room that is open is cleaned for visitors."), code="not-open")
    held.cleaned_at = held.verified_at = timezone.now()
    held.save(update_fields=["cleaned_at", "verified_at"])
    audit_record(actor=actor, action="room.clean", about=held)
    return held


@transaction.atomic
def manager_add(*, actor: Member, room: NursingRoom, member: Member) -> RoomManager:
    """Let a member look after a room, and tell them."""
    held = locks.hold(room)
    if held.state == RoomState.RETIRED:
        raise DomainError(_("This room is no longer in the register."), code="no-room")
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
    if held.valid_until is not None:
        raise DomainError(_("This person no longer looks after the room."), code="removed")
    held.valid_until = timezone.localdate()
    held.save(update_fields=["valid_until"])
    audit_record(actor=actor, action="manager.remove", about=held)


def rooms_bulk_create(*, rows: Iterable[Mapping[str, Any]]) -> list[NursingRoom]:
    """Create rooms in bulk from checked ``rows``; ``point`` in a row is the position as it was entered."""
    made = []
    for row in rows:
        room = NursingRoom(**{name: value for name, value in row.items() if name != "point"})
        room.place(row.get("point"))
        made.append(room)
    rooms = NursingRoom.objects.bulk_create(made, batch_size=500)
    _touch_all(rooms)
    return rooms


def _touch_all(rooms: Collection[NursingRoom]) -> None:
    first = min((room.opened_on for room in rooms if room.opened_on), default=None)
    for room in {room.organization_id: room for room in rooms}.values():
        _touch(room, first)


@transaction.atomic
def rooms_absorb(*, source: Organization, target: Organization) -> int:
    """Transfer the rooms of ``source`` to ``target``, with the figures of their whole past; return how many."""
    rows = NursingRoom.objects.filter(organization=source)
    first = rows.aggregate(first=Min("opened_on"))["first"]
    count = rows.update(organization=target)
    for place in (source, target):
        for model in (NursingRoom, RoomDay):
            touch(model._meta.label_lower, place.pk, first)
    return count


@transaction.atomic
def rooms_take_back(*, pks: Collection[int]) -> int:
    """Delete the rooms of an import and return how many; refused once one of them is in use."""
    rows = NursingRoom.objects.filter(pk__in=pks)
    used = rows.exclude(reports=None) | rows.exclude(days=None) | rows.exclude(managers=None)
    used |= rows.exclude(inspections=None)
    if used.exists() or have_plates(pks):
        raise DomainError(_("One of these rooms is in use already."), code="in-use")
    _touch_all(list(rows))
    count: int = rows.delete()[0]
    return count
