"""Which people a notice addresses, and which of them have read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.members.models import Duty, Member
from portal.notices.choices import Audience
from portal.organizations.choices import LEVELS
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.notices.models import Notice


def _duties_addressed(notice: Notice) -> QuerySet[Duty]:
    """Return today's duties at the addressed organisations, one for each person: the highest."""
    duties = Duty.objects.current().filter(
        organization__path__startswith=notice.target.path, organization__closed_on=None, member__is_active=True
    )
    if notice.levels:
        kinds = [kind for kind, level in LEVELS.items() if level in notice.levels]
        duties = duties.filter(organization__kind__in=kinds)
    return duties.order_by("member_id", "organization__path").distinct("member_id")


def staff_addressed(notice: Notice) -> list[Member]:
    """Return the members with a duty at an organisation that ``notice`` addresses."""
    ids = _duties_addressed(notice).values("member_id")
    return list(Member.objects.filter(pk__in=ids).order_by("pk"))


def standing_of(notice: Notice, member: Member) -> Organization | None:
    """Return the organisation by which ``notice`` addresses ``member``.

    That is the organisation of a duty, the highest first, or else the member's unit.
    """
    places = sorted((duty.organization for duty in member.duties), key=lambda place: place.path)
    if notice.audience != Audience.STAFF and member.organization is not None:
        places.append(member.organization)
    for place in places:
        inside = place.path.startswith(notice.target.path)
        if inside and (not notice.levels or place.level in notice.levels):
            return place
    return member.organization


@dataclass(frozen=True)
class ReceiptRow:
    """The receipts of one part of the tree.

    ``staff`` counts the addressed staff, ``read`` counts everyone who confirmed.
    """

    organization: Organization
    staff: int
    staff_read: int
    read: int


def receipts(notice: Notice) -> list[ReceiptRow]:
    """Return a ReceiptRow for the target itself and for each organisation directly below it with any."""
    target = notice.target
    place = len(target.ancestor_ids) + 1

    def part(path: str) -> int:
        ids = path.strip("/").split("/")
        return int(ids[place]) if path.startswith(target.path) and len(ids) > place else target.pk

    staff: Counter[int] = Counter()
    staff_read: Counter[int] = Counter()
    read: Counter[int] = Counter()
    readers = dict(notice.reads.values_list("member_id", "organization__path"))
    for path in readers.values():
        read[part(path or "")] += 1
    for member, path in _duties_addressed(notice).values_list("member_id", "organization__path"):
        staff[part(path)] += 1
        staff_read[part(path)] += member in readers
    found = Organization.objects.in_bulk({*staff, *read})
    order = sorted(found.values(), key=lambda place: (place.pk != target.pk, place.pinyin, place.pk))
    return [ReceiptRow(place, staff[place.pk], staff_read[place.pk], read[place.pk]) for place in order]
