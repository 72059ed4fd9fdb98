"""To whom a request goes: never to the applicant's own unit, nor to a person whom the applicant named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from portal.core.choices import Area, Capability
from portal.core.text import clean_line
from portal.members.models import Duty
from portal.members.selectors import holders
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from rights.rules import is_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.members.models import Member
    from portal.organizations.models import Region
    from rights.choices.cases import AssignedAs
    from rights.models import RightsCase

# The unions that receive requests, the lowest first.
RECEIVING = (OrganizationKind.COUNTY, OrganizationKind.CITY, OrganizationKind.PROVINCE)


def unit_named(employer: str, region: Region) -> Organization | None:
    """Return the organisation whose name, or whose employer's name, is what the applicant wrote; None if none is.

    Only an exact name counts, at first in the city of ``region``, where a short name counts too: a wrong guess would
    keep the wrong people away.
    """
    name = clean_line(employer)
    if not name:
        return None
    standing = Organization.objects.filter(closed_on=None).order_by("path")
    called = Q(name=name) | Q(employer__name=name)
    here = standing.filter(called | Q(short_name=name), region__code__startswith=region.code[:4])
    return here.first() or standing.filter(called).first()


def receiving_line(region: Region) -> list[Organization]:
    """Return the unions that may receive a request from ``region``, the county first and the province last."""
    code = region.code
    wanted = Q(kind=OrganizationKind.PROVINCE, parent=None)
    wanted |= Q(kind=OrganizationKind.CITY, region__code=f"{code[:4]}00")
    wanted |= Q(kind=OrganizationKind.COUNTY, region__code=code)
    found = Organization.objects.filter(wanted, closed_on=None).order_by("path")
    return sorted(found, key=lambda place: RECEIVING.index(OrganizationKind(place.kind)))


def staff_at(organization: Organization) -> list[Member]:
    """Return everybody who holds a duty that shows rights at exactly this organisation today."""
    return [
        member
        for member in holders(Area.RIGHTS, Capability.VIEW, organization)
        if Duty.objects.current().filter(member=member, organization=organization).exists()
    ]


def is_kept_away(member: Member, unit: Organization | None, named: str) -> bool:
    """Return whether a member must not learn of a request: of the applicant's unit, or named by the applicant."""
    return is_of(member, unit) or bool(named and member.name and member.name in named)


def receiving_union(
    region: Region, unit: Organization | None, named: str, *, above: Organization | None = None
) -> Organization:
    """Return the lowest union that may receive the request; ``above`` leaves out that one and those below it.

    A union is passed over if it is the applicant's own unit or lies inside it, if somebody who sees its rights work
    belongs to that unit or was named by the applicant, or if nobody works there. The province receives what no other
    union may; there, these people are kept away one by one.
    """
    line = receiving_line(region)
    if above is not None:
        line = [place for place in line if above.path != place.path and above.path.startswith(place.path)] or line[-1:]
    for place in line[:-1]:
        staff = staff_at(place)
        own = unit is not None and place.path.startswith(unit.path)
        if staff and not own and not any(is_kept_away(member, unit, named) for member in staff):
            return place
    return line[-1]


def who_may_handle(case: RightsCase, capability: Capability, *, at: Organization | None = None) -> list[Member]:
    """Return the staff at the case's union (or at ``at``), or else at the nearest one above, who may be given the case.

    Left out are people of the applicant's unit, those whom the applicant named, and those who stepped out.
    """
    out = set(case.assignments.filter(stepped_out=True).values_list("member_id", flat=True))
    named = case.kept_away or ""
    union = at or case.organization
    found = holders(Area.RIGHTS, capability, union, but=out)
    able = [member for member in found if not is_kept_away(member, case.unit, named)]
    line = [union.pk, *reversed(union.ancestor_ids)]
    held = {
        (duty.member_id, duty.organization_id)
        for duty in Duty.objects.current().filter(member__in=able, organization_id__in=line)
    }
    for place in line:
        here = [member for member in able if (member.pk, place) in held]
        if here:
            return here
    return []


def people_of(case: RightsCase, *roles: AssignedAs) -> list[Member]:
    """Return the people who can open a case today: it is assigned to them, and they may still see it.

    ``roles`` narrows to assignments in these roles.
    """
    rows = case.assignments.current().select_related("member__organization").order_by("pk")
    found = {row.member_id: row.member for row in (rows.filter(role__in=roles) if roles else rows)}
    path = case.organization.path
    return [
        member
        for member in found.values()
        if member.is_active and not is_of(member, case.unit) and member.can(Area.RIGHTS, Capability.VIEW, path)
    ]


def receiving_places(*, unit: Organization | None) -> QuerySet[Organization]:
    """Return the unions to which a case may be handed: county, city and province, without the applicant's unit."""
    places = Organization.objects.filter(kind__in=RECEIVING, closed_on=None).order_by("path")
    return places if unit is None else places.exclude(path__startswith=unit.path)
