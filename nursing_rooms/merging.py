"""Effects of an organisation merger on nursing rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import NursingRoom, RoomInspection, RoomReport
from nursing_rooms.services.rooms import rooms_absorb
from portal.audit.services import audit_record

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization


def consequences(source: Organization) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a merger as pairs of label and number."""
    return [
        (_("nursing rooms are transferred"), NursingRoom.objects.filter(organization=source).count()),
        (_("reports from doors are transferred"), RoomReport.objects.filter(organization=source).count()),
        (_("inspections of rooms are transferred"), RoomInspection.objects.filter(organization=source).count()),
    ]


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Transfer rooms, reports and inspections of ``source`` to ``target``, figures included; return the counts."""
    rooms = rooms_absorb(source=source, target=target)
    reports = RoomReport.objects.filter(organization=source).update(organization=target)
    inspections = RoomInspection.objects.filter(organization=source).update(organization=target)
    data = {"from": source.pk, "rooms": rooms, "reports": reports, "inspections": inspections}
    audit_record(actor=actor, action="rooms.merge", about=target, data=data)
    return {"nursing_rooms": rooms, "room_reports": reports, "room_inspections": inspections}
