"""The facts of the demo are loaded only once and are consistent."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from portal.organizations.models import Employer, HeadCount, WomenCommittee
from tests.factories.organizations import make_unit


@pytest.mark.django_db
def test_facts_load_once():
    unit = make_unit(name="示例一厂工会")
    for _time in range(2):
        call_command("load_demo_facts", stdout=StringIO())
    assert WomenCommittee.objects.filter(organization=unit).count() == 1
    assert HeadCount.objects.filter(organization=unit).count() == 2
    assert not HeadCount.objects.filter(women_members__gt=F("members")).exists()
    assert list(Employer.objects.get().organizations.all()) == [unit]
