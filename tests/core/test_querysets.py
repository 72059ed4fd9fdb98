"""The subtree condition for permissions."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.core.choices import Capability
from portal.core.querysets import within
from portal.core.roles import Role
from portal.members.models import Member
from portal.organizations.models import Organization
from tests.factories.members import make_duty, make_member, make_staff
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db


def with_path(path):
    """Create a city with a path that does not follow from its primary key."""
    organization = make_organization()
    Organization.objects.filter(pk=organization.pk).update(path=path)
    return Organization.objects.get(pk=organization.pk)


def test_within_leaves_out_the_look_alike_sibling():
    rows = [with_path(path) for path in ("/1/1/", "/1/1/5/", "/1/14/", "/1/14/1/")]
    found = Organization.objects.filter(within(["/1/1/"], "path"), pk__in=[row.pk for row in rows])
    assert sorted(found.values_list("path", flat=True)) == ["/1/1/", "/1/1/5/"]


def test_within_of_no_path_is_none():
    assert within([], "path") is None


def test_within_joins_several_paths():
    rows = [with_path(path) for path in ("/1/2/", "/1/3/", "/1/4/")]
    found = Organization.objects.filter(within(["/1/2/", "/1/4/"], "path"), pk__in=[row.pk for row in rows])
    assert sorted(found.values_list("path", flat=True)) == ["/1/2/", "/1/4/"]


def test_visible_to_is_the_own_subtree():
    city, other = make_organization(), make_organization()
    unit, foreign = make_unit(city), make_unit(other)
    actor = make_staff(city, Role.CADRE)
    assert set(Organization.objects.visible_to(actor)) == {city, unit}
    members = [make_member(organization) for organization in (unit, foreign)]
    assert set(Member.objects.visible_to(actor).filter(pk__in=[row.pk for row in members])) == {members[0]}


def test_visible_to_of_a_visitor_is_nothing():
    make_organization()
    assert not Organization.objects.visible_to(AnonymousUser()).exists()


def test_visible_to_without_a_duty_is_nothing():
    assert not Organization.objects.visible_to(make_member()).exists()


@pytest.mark.parametrize(("begins", "ends"), [(-10, -1), (-10, 0), (1, None)])
def test_a_duty_reaches_only_in_its_time(begins, ends):
    today, actor, city = timezone.localdate(), make_member(), make_organization()
    until = None if ends is None else today + timedelta(days=ends)
    make_duty(actor, city, Role.CHAIR, valid_from=today + timedelta(days=begins), valid_until=until)
    assert not Organization.objects.visible_to(actor).exists()


def test_reached_by_asks_for_the_capability():
    city = make_organization()
    actor = make_staff(city, Role.REVIEWER)
    assert Organization.objects.reached_by(actor, Capability.VIEW).exists()
    assert not Organization.objects.reached_by(actor, Capability.EDIT).exists()


def test_an_inactive_person_reaches_nothing():
    actor = make_staff(make_organization(), is_active=False)
    assert not Organization.objects.visible_to(actor).exists()


def test_below_narrows_and_never_widens():
    city, other = make_organization(), make_organization()
    actor = make_staff(city)
    assert set(Organization.objects.visible_to(actor).below(make_province().path)) == {city}
    assert not Organization.objects.visible_to(actor).below(other.path).exists()
