"""The provisional accounts and the change of phone number of the demo are loaded only once."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.roles import Role
from portal.members.models import Member, PhoneChange, Sighting
from tests.factories.members import identity_number, make_entry, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit


@pytest.mark.django_db
def test_accounts_load_once(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"
    city = make_organization()
    make_staff(city, Role.CADRE)
    unit = make_unit(city)
    make_member(unit, phone=phone_number(900))
    for number in range(4):
        make_entry(
            unit, phone=phone_number(901 + number), identity_kind="resident", identity_number=identity_number(number)
        )
    for _time in range(2):
        call_command("load_demo_accounts", stdout=StringIO())
    opened = Member.objects.filter(activated_at__isnull=False, proven_at=None)
    assert (opened.count(), Sighting.objects.count(), PhoneChange.objects.waiting().count()) == (3, 1, 1)
