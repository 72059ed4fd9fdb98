"""Builders of the tree of organisations."""

from itertools import count

from portal.core.fields import reserve_pks
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.organizations.services.organizations import organization_build, organizations_bulk_create

_numbers = count(1)


def make_province():
    """Return the root of the tree; create it on the first call."""
    root = Organization.objects.filter(parent=None).first()
    return root or _make(None, {"kind": OrganizationKind.PROVINCE, "name": "示例省总工会"})


def make_organization(parent=None, kind=OrganizationKind.CITY, **fields):
    """Create an organisation below ``parent``, by default a city below the province."""
    fields = {"name": f"示例单位{next(_numbers)}", "kind": kind, **fields}
    return _make(parent or make_province(), fields)


def make_unit(city=None, **fields):
    """Create a grassroots union below ``city``."""
    return make_organization(parent=city or make_organization(), kind=OrganizationKind.GRASSROOTS, **fields)


def _make(parent, fields):
    (pk,) = reserve_pks(Organization)
    (row,) = organizations_bulk_create(rows=[organization_build(pk=pk, parent=parent, **fields)])
    return row
