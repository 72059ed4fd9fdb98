"""The notices of the demo are loaded only once, with approval by the second person."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.roles import Role
from portal.notices.choices import NoticeState
from portal.notices.models import Notice
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_province


@pytest.mark.django_db
def test_notices_load_once():
    for place in (make_province(), make_organization()):
        make_staff(place, Role.CADRE)
        make_staff(place)
    for _time in range(2):
        call_command("load_demo_notices", stdout=StringIO())
    states = Notice.objects.values_list("state", flat=True)
    assert sorted(set(states)) == [
        NoticeState.APPROVED,
        NoticeState.DRAFT,
        NoticeState.PUBLISHED,
        NoticeState.SUBMITTED,
    ]
    assert len(states) == 12
