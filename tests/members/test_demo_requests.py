"""The transfers, data requests and the ending duty of the demo are loaded only once."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.roles import Role
from portal.members.choices import IdentityKind, TransferState
from portal.members.models import DataRequest, Duty, Transfer
from tests.factories.members import identity_number, make_member, make_staff
from tests.factories.organizations import make_organization, make_unit


@pytest.mark.django_db
def test_requests_load_once():
    for serial in (0, 20):
        city = make_organization()
        make_staff(city)
        make_staff(city, Role.CADRE)
        unit = make_unit(city)
        for number in range(10):
            make_member(unit, identity_kind=IdentityKind.RESIDENT, identity_number=identity_number(serial + number))
    for _time in range(2):
        call_command("load_demo_requests", stdout=StringIO())
    states = sorted(Transfer.objects.values_list("state", flat=True))
    assert states == [TransferState.ASKED, TransferState.ASKED, TransferState.REFUSED]
    assert sorted(DataRequest.objects.values_list("kind", flat=True)) == ["correct", "delete"]
    assert Duty.objects.ends_within(30).count() == 1
