"""An item is assigned to the nearest person who may settle it.

People above see it only if nobody is nearer.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.roles import Role
from portal.members.models import Duty, Member
from portal.members.selectors import nobody_nearer
from portal.notices import todo
from portal.notices.choices import NoticeState
from portal.notices.models import Notice
from tests.factories.members import make_duty, make_staff
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


class Tree:
    """A province, a city and a county with a chair each; the county's cadre has proposed a notice."""

    def __init__(self):
        self.province = make_organization()
        self.city = make_organization(self.province)
        self.county = make_organization(self.city)
        self.chairs = [make_staff(place) for place in (self.province, self.city, self.county)]
        self.cadre = make_staff(self.county, Role.CADRE)
        self.notice = make_notice(self.county, created_by=self.cadre, state=NoticeState.SUBMITTED)

    def whose(self):
        """Return for each chair, from the province down, whether the notice is theirs to settle."""
        return [self.asked(chair) for chair in self.chairs]

    def asked(self, person):
        actor = Member.objects.get(pk=person.pk)
        hers = nobody_nearer(actor, Area.NOTICES, Capability.APPROVE, but=("submitted_by", "created_by"))
        return Notice.objects.filter(hers).exists()


@pytest.fixture
def tree():
    return Tree()


def test_the_nearest_is_asked(tree):
    assert tree.whose() == [False, False, True]
    assert not tree.asked(tree.cadre)
    assert not tree.asked(make_staff())


def test_where_the_nearest_may_not_decide_the_next_level_is_asked(tree):
    Notice.objects.update(created_by=tree.chairs[2])
    assert tree.whose() == [False, True, True]
    Notice.objects.update(submitted_by=tree.chairs[1])
    assert tree.whose() == [True, True, True]


@pytest.mark.parametrize("gone", ["ended", "disabled"])
def test_whose_duty_is_over_stands_in_nobodys_way(tree, gone):
    if gone == "ended":
        today = timezone.localdate()
        Duty.objects.filter(member=tree.chairs[2]).update(valid_from=today - timedelta(days=9), valid_until=today)
    else:
        Member.objects.filter(pk=tree.chairs[2].pk).update(is_active=False)
    assert [tree.asked(chair) for chair in tree.chairs[:2]] == [False, True]


def test_what_waits_too_long_stands_on_the_lists_of_all_above(tree):
    def listed():
        people = [Member.objects.get(pk=chair.pk) for chair in tree.chairs]
        return [[item.url for item in todo.items_for(person)] for person in people]

    url = tree.notice.get_absolute_url()
    assert listed() == [[], [], [url]]
    Notice.objects.update(submitted_at=timezone.now() - todo.PASSED_UP_AFTER - timedelta(hours=1))
    assert listed() == [[url], [url], [url]]


def test_a_neighbour_and_another_role_stand_in_nobodys_way(tree):
    Duty.objects.filter(member=tree.chairs[2]).delete()
    make_staff(make_organization(tree.city))
    assert tree.whose()[:2] == [False, True]


def test_who_holds_two_duties_is_asked_by_the_nearer(tree):
    make_duty(tree.chairs[0], tree.county, Role.CHAIR)
    assert tree.whose() == [True, False, True]
