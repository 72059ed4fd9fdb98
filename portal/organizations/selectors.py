"""Selectors for the tree and for reference data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import WorkingCalendar
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.querysets import within
from portal.core.text import whole_number
from portal.organizations.choices import DayKind, OrganizationKind
from portal.organizations.models import CalendarDay, LegalParameter, Organization, Region

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from portal.members.models import Member
    from portal.organizations.querysets import OrganizationQuerySet


def legal_number(key: str, *, on: date, region: Region | None = None) -> Decimal:
    """Return the number of ``key`` in force on day ``on`` (Decimal).

    The number of the region is used where there is one, else that of the nation. Raises DomainError where no row
    applies: an administrator must load the legal parameters first.
    """
    rows = LegalParameter.objects.filter(key=key, valid_from__lte=on).filter(Q(region=None) | Q(region=region))
    row = max(rows, key=lambda found: (found.region_id is not None, found.valid_from), default=None)
    if row is None:
        raise DomainError(
            _("A legal parameter that this page needs is not set. Please tell the administrator."), code="no-law"
        )
    value: Decimal = row.value
    return value


def legal_count(key: str, *, on: date, most: int, region: Region | None = None) -> int:
    """Return the number of ``key`` as a whole count, for example of days, weeks or months.

    Raises DomainError for a number outside 0 to ``most``.
    """
    value = legal_number(key, on=on, region=region)
    if not 0 <= value <= most:
        raise DomainError(
            _("A legal parameter that this page needs has an invalid value. Please tell the administrator."),
            code="no-law",
        )
    return int(value)


PAGE = 100
FOUND = 50


def with_below(queryset: QuerySet[Organization]) -> QuerySet[Organization]:
    """Annotate ``below``: the number of open organisations directly below each."""
    return queryset.annotate(below=Count("children", filter=Q(children__closed_on=None)))


def tops(actor: Member, here: str = "") -> list[Organization]:
    """Return the highest organisations that the actor may see; ``here`` narrows them to one path."""
    paths = actor.reach(Area.ORGANIZATIONS, Capability.VIEW)
    outer = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    if here and any(here.startswith(path) for path in outer):
        outer = [here]
    return list(with_below(Organization.objects.filter(path__in=outer)).order_by("path"))


@dataclass(frozen=True)
class Branch:
    """One page of the organisations directly below another.

    ``after`` leads to the next page, or is empty on the last one.
    """

    rows: list[Organization]
    after: str


def branch(organization: Organization, after: str = "") -> Branch:
    """Return the open organisations directly below ``organization``, by pinyin and pk.

    ``after`` is the pk of the last one already shown.
    """
    rows = organization.children.filter(closed_on=None)
    last = whole_number(after)
    seen = Organization.objects.filter(pk=last, parent=organization).first() if last else None
    if seen is not None:
        rows = rows.filter(Q(pinyin__gt=seen.pinyin) | Q(pinyin=seen.pinyin, pk__gt=seen.pk))
    found = list(with_below(rows).order_by("pinyin", "pk")[: PAGE + 1])
    return Branch(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def lines_of(rows: Iterable[Organization]) -> dict[int, list[str]]:
    """Return for each of ``rows`` the names of its ancestors, from the root down; one query for all."""
    above = {pk for row in rows for pk in row.ancestor_ids}
    names = {row.pk: row.label for row in Organization.objects.filter(pk__in=above)}
    return {row.pk: [names[pk] for pk in row.ancestor_ids if pk in names] for row in rows}


def found_by_name(queryset: OrganizationQuerySet, words: str, *, limit: int = FOUND) -> list[tuple[Organization, str]]:
    """Return the first ``limit`` of ``queryset`` whose name or pinyin matches ``words``.

    Each is a pair of the organisation and the names of those above it as one text.
    """
    rows = list(queryset.named(words).order_by("pinyin", "pk")[:limit])
    lines = lines_of(rows)
    return [(row, " › ".join(lines[row.pk])) for row in rows]


def look_alikes(parent: Organization, name: str, *, but: int | None = None, limit: int = 5) -> list[Organization]:
    """Return open organisations under ``parent`` with a name similar to ``name``, as possible duplicates."""
    rows = parent.children.filter(closed_on=None)
    if but is not None:
        rows = rows.exclude(pk=but)
    return list(
        rows.annotate(_alike=TrigramSimilarity("name", name)).filter(_alike__gte=0.5).order_by("-_alike", "pk")[:limit]
    )


def working_calendar() -> WorkingCalendar:
    """Return the working days as administrators entered them; one query."""
    days = list(CalendarDay.objects.values_list("day", "kind"))
    return WorkingCalendar(
        holidays=frozenset(day for day, kind in days if kind == DayKind.HOLIDAY),
        workdays=frozenset(day for day, kind in days if kind == DayKind.WORKING),
        years=frozenset(day.year for day, _kind in days),
    )


def places_kept(actor: Member, area: Area, capability: Capability = Capability.EDIT) -> QuerySet[Organization]:
    """Return the open organisations at which ``actor`` may keep rows of ``area``.

    These are the organisations of the actor's own duties and all below them except grassroots unions, in the order of
    the tree.
    """
    paths = actor.reach(area, capability)
    reached = within(paths, "path")
    if reached is None:
        return Organization.objects.none()
    places = Organization.objects.filter(reached, closed_on=None)
    return (places.exclude(kind=OrganizationKind.GRASSROOTS) | places.filter(path__in=paths)).order_by("path")


def own_regions() -> QuerySet[Region]:
    """Return the regions of the portal's own province; those of others only carry legal parameters."""
    return Region.objects.exclude(level=1, statistical=True)


def lies_within(region: Region, organization: Organization) -> bool:
    """Return whether ``region`` is that of ``organization`` or is inside it.

    The codes decide (GB/T 2260: 23, 2301, 230102). An organisation without a region has that of the nearest one above
    it; where none has one, every region is accepted.
    """
    place: Organization | None = organization
    while place is not None and place.region_id is None:
        place = place.parent
    code = place.region_id if place is not None else None
    if code is None:
        return True
    prefix = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return region.code.startswith(prefix)
