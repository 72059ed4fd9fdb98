"""Services of nurseries: registering, changing and closing them, and their places by age band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.bands import is_overfull
from childcare.models import Nursery, NurseryPlaces
from childcare.selectors.nurseries import rule_of
from childcare.services.sites import PLACE, check_region
from portal.audit.services import audit_record, row_create, row_update
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from datetime import date

    from portal.members.models import Member
    from portal.organizations.models import Organization


def _touch(nursery: Nursery, first: date) -> None:
    _touch_at(nursery.organization_id, first)


def _touch_at(organization_id: int, first: date) -> None:
    for model in (Nursery, NurseryPlaces):
        touch(model._meta.label_lower, organization_id, first)


@transaction.atomic
def nursery_create(*, actor: Member, organization: Organization, **fields: Any) -> Nursery:
    """Register a nursery in a region inside the organisation's own; ``point`` is the position as entered, or None."""
    check_region(fields["region"], organization)
    point = fields.pop("point", None)
    row = Nursery(organization=organization, **fields)
    row.place(point)
    row_create(actor=actor, row=row, action="nursery.create")
    _touch(row, row.opened_on)
    return row


@transaction.atomic
def nursery_update(*, actor: Member, nursery: Nursery, version: int, **fields: Any) -> Nursery:
    """Change a nursery; raises Conflict if another edit came first."""
    check_region(fields.get("region", nursery.region), nursery.organization)
    if "point" in fields:
        placed = Nursery()
        placed.place(fields.pop("point"))
        fields |= {name: getattr(placed, name) for name in PLACE}
    first = min(nursery.opened_on, fields.get("opened_on", nursery.opened_on))
    held = row_update(actor=actor, row=nursery, action="nursery.update", version=version, fields=fields)
    _touch(held, first)
    return held


@transaction.atomic
def nursery_places_set(
    *, actor: Member, nursery: Nursery, band: str, groups: int, places: int, enrolled: int, carers: int
) -> NurseryPlaces:
    """Enter the places of an age band as they are now; earlier numbers of the band are replaced.

    Refused for groups larger than the rule allows, and for more children than places. Too few carers are shown as a
    gap, not refused: it is how things are.
    """
    held = locks.hold(nursery)
    if held.closed_on is not None:
        raise DomainError(_("This nursery is closed."), code="closed")
    rule = rule_of(band, held.region)
    if is_overfull(enrolled, groups, rule):
        raise DomainError(
            _("A group of this age band has at most %(most)s children.") % {"most": rule.group}, code="group"
        )
    row = held.bands.filter(band=band).first() or NurseryPlaces(nursery=held, band=band)
    row.groups, row.places, row.enrolled, row.carers = groups, places, enrolled, carers
    row.full_clean()
    row.save()
    data = {"band": band, "places": places, "enrolled": enrolled, "carers": carers}
    audit_record(actor=actor, action="nursery.places", about=held, data=data)
    _touch(held, held.opened_on)
    return row


@transaction.atomic
def nursery_close(*, actor: Member, nursery: Nursery, reason: str) -> Nursery:
    """Close a nursery: from today it counts no more."""
    held = locks.hold(nursery)
    if held.closed_on is not None:
        raise DomainError(_("This nursery is closed."), code="closed")
    held.closed_on = timezone.localdate()
    held.version += 1
    held.save(update_fields=["closed_on", "version"])
    audit_record(actor=actor, action="nursery.close", about=held, note=reason)
    _touch(held, held.closed_on)
    return held


@transaction.atomic
def nurseries_absorb(*, source: Organization, target: Organization) -> int:
    """Transfer the nurseries of a merged organisation; return how many."""
    rows = Nursery.objects.filter(organization=source)
    first = rows.aggregate(first=Min("opened_on"))["first"]
    count = rows.update(organization=target)
    for place in (source, target) if first else ():
        _touch_at(place.pk, first)
    return count
