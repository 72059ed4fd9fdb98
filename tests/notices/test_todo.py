"""Who gets which to-do items of notices."""

import pytest
from django.utils import timezone

from portal.core.roles import Role
from portal.members.models import Member
from portal.notices import todo
from portal.notices.choices import NoticeState
from tests.factories.members import make_staff
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def waiting(person):
    return {item.url for item in todo.items_for(Member.objects.get(pk=person.pk))}


def test_each_notice_waits_for_the_right_person():
    city = make_organization()
    cadre, chair, neighbour = make_staff(city, Role.CADRE), make_staff(city), make_staff(make_organization())
    rows = {state: make_notice(city, created_by=cadre, state=state) for state in NoticeState}
    timed = make_notice(city, created_by=cadre, state=NoticeState.APPROVED, publish_from=timezone.now())
    own = make_notice(city, created_by=chair, state=NoticeState.SUBMITTED)
    assert waiting(cadre) == {
        rows[NoticeState.RETURNED].get_absolute_url(),
        rows[NoticeState.APPROVED].get_absolute_url(),
    }
    assert waiting(chair) == {rows[NoticeState.SUBMITTED].get_absolute_url()}
    assert own.get_absolute_url() not in waiting(chair)
    assert timed.get_absolute_url() not in waiting(cadre)
    assert waiting(neighbour) == set()
