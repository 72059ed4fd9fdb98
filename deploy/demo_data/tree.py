"""The organisations of the demo, created with the services that pages call."""

from portal.core.fields import reserve_pks
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, Region
from portal.organizations.services.organizations import (
    organization_build,
    organization_create,
    organizations_bulk_create,
)

INDUSTRIES = (
    ("教科文卫体工会", "教科文卫体"),
    ("财贸轻纺工会", "财贸轻纺"),
    ("国防邮电工会", "国防邮电"),
    ("机冶建材工会", "机冶建材"),
    ("能源化工工会", "能源化工"),
    ("农林水工会", "农林水"),
)


def tree_plant(people):
    """Create the tree; return the federations by region code and the units by name."""
    regions = list(Region.objects.filter(statistical=False).order_by("level", "code"))
    top, rest = regions[0], [region for region in regions[1:] if people.reaches(region.code)]
    root = organization_create(
        actor=None, kind=OrganizationKind.PROVINCE, name=f"{top.name}总工会", short_name="省总工会", region=top
    )
    by_code = {top.code: root}
    planned = [*people.units, *people.other_units]
    pks = iter(reserve_pks(Organization, len(rest) + len(INDUSTRIES) + len(planned)))
    rows = []
    for region in rest:
        above = by_code[region.parent_id]
        in_city = region.level == 3 and region.name.endswith("区")
        by_code[region.code] = organization_build(
            pk=next(pks),
            parent=above,
            kind=OrganizationKind.CITY if region.level == 2 else OrganizationKind.COUNTY,
            # District names such as 向阳区 occur in several cities.
            name=f"{above.region.name if in_city else ''}{region.name}总工会",
            short_name=region.short_name,
            region=region,
        )
        rows.append(by_code[region.code])
    rows += [
        organization_build(
            pk=next(pks),
            parent=root,
            kind=OrganizationKind.INDUSTRIAL,
            name=f"{top.short_name}省{name}",
            short_name=short_name,
            region=top,
        )
        for name, short_name in INDUSTRIES
    ]
    units = {}
    for plan in planned:
        above = by_code[plan.county]
        units[plan.name] = organization_build(
            pk=next(pks),
            parent=above,
            kind=OrganizationKind.GRASSROOTS,
            name=plan.name,
            short_name=plan.short_name,
            region=above.region,
        )
    organizations_bulk_create(rows=[*rows, *units.values()])
    return by_code, units
