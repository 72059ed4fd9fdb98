"""The children of the demo are loaded only once."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.core.choices import Sex
from portal.core.roles import Role
from portal.members.models import Child, Consent
from portal.organizations.choices import OrganizationKind
from tests.factories.members import make_entry, make_member, make_staff
from tests.factories.organizations import make_organization, make_unit


@pytest.mark.django_db
def test_children_load_once():
    year = timezone.localdate().year - 36
    county = make_organization(make_organization(), kind=OrganizationKind.COUNTY)
    cadre = make_staff(county, Role.CADRE, birth_year=year)
    mothers = [make_member(make_unit(county), birth_year=year) for _number in range(2)]
    make_entry(county, birth_year=year)
    make_member(county, birth_year=year, sex=Sex.MALE)
    make_member(county, birth_year=year + 20)
    for _time in range(2):
        call_command("load_demo_children", stdout=StringIO())
    parents = [child.guardian for child in Child.objects.order_by("pk")]
    assert parents == [cadre, cadre, *mothers]
    assert sum(child.care_notes is not None for child in Child.objects.all()) == 2
    assert Consent.objects.standing().count() == 6
