"""Pages of the tree, of moving and merging, and of facts."""

import pytest
from django.urls import reverse

from portal.core.roles import Role
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.organizations.services.employers import employer_create
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
TREE = "organizations:organization-tree"


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def county(city):
    return make_organization(parent=city, kind=OrganizationKind.COUNTY, name="南岗区总工会")


def text(client, path, **kwargs):
    response = client.get(path, **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def test_the_tree_opens_level_by_level(client, city, county):
    unit = make_unit(county, name="示例一厂工会")
    sign_in(client, make_staff(city))
    assert city.name in text(client, reverse(TREE))
    page = text(client, f"{reverse(TREE)}?open={county.pk}")
    assert (unit.name in page, city.label in page) == (True, True)
    part = reverse("organizations:organization-children", args=[county.pk])
    fragment = text(client, part, headers={"HX-Request": "true"})
    assert (unit.name in fragment, "<html" in fragment) == (True, False)
    assert client.get(part).url == f"{reverse(TREE)}?open={county.pk}"


def test_the_tree_of_another_city_is_closed(client, city, county):
    sign_in(client, make_staff(make_organization(name="示例乙市总工会")))
    assert client.get(f"{reverse(TREE)}?open={county.pk}").status_code == 404
    assert county.name not in text(client, f"{reverse(TREE)}?q=nangang")
    assert city.name not in text(client, reverse(TREE))


@pytest.mark.parametrize("words", ["南岗", "nangang", "nan gang", "gangqu"])
def test_the_search_finds_name_and_pinyin(client, city, county, words):
    sign_in(client, make_staff(city))
    page = text(client, reverse(TREE), data={"q": words})
    assert (county.name in page, "示例甲市总工会" in page) == (True, True)
    assert county.name not in text(client, reverse(TREE), data={"q": words, "kind": "grassroots"})


def test_a_long_branch_goes_on(client, city):
    for number in range(103):
        make_unit(city, name=f"第{number:03d}工会")
    sign_in(client, make_staff(city))
    page = text(client, f"{reverse(TREE)}?open={city.pk}")
    last = city.children.order_by("pinyin", "pk")[99]
    assert (last.name in page, f"after={last.pk}" in page) == (True, True)
    rest = text(client, f"{reverse(TREE)}?open={city.pk}&after={last.pk}")
    assert rest.count("第1") + rest.count("第0") == 3


def test_queries_of_the_tree_do_not_grow(client, city, county):
    sign_in(client, make_staff(make_province()))
    paths = [reverse(TREE), f"{reverse(TREE)}?open={county.pk}", f"{reverse(TREE)}?q=gonghui"]
    few = [queries_of(client, path) for path in paths]
    for number in range(5):
        make_unit(county, name=f"示例{number}厂工会")
        make_organization(name=f"示例{number}市总工会")
    assert [queries_of(client, path) for path in paths] == few
    assert max(few) <= 17


def test_the_list_narrows_by_second_level(client, city, county):
    other = make_unit(make_organization(name="示例乙市总工会"), name="别处工会")
    sign_in(client, make_staff(make_province()))
    path = reverse("organizations:organization-list")
    page = text(client, path, data={"second": city.pk}, headers={"HX-Request": "true"})
    assert (county.name in page, other.name in page) == (True, False)
    page = text(client, path, data={"level": "3"}, headers={"HX-Request": "true"})
    assert (county.name in page, other.name in page) == (True, False)


def test_a_move_is_picked_shown_and_done(client, city, county):
    unit = make_unit(city, name="示例一厂工会")
    make_unit(county, name="示例一厂工会（筹）")
    far = make_organization(parent=make_organization(), kind=OrganizationKind.COUNTY, name="南岗北区总工会")
    sign_in(client, make_staff(city))
    path = reverse("organizations:organization-move", args=[unit.pk])
    page = text(client, path, data={"find": "南岗"})
    assert (county.name in page, far.name in page) == (True, False)
    page = text(client, path, data={"place": county.pk})
    assert "示例一厂工会（筹）" in page
    assert client.post(path, {"place": far.pk, "on": "2026-01-01"}).status_code == 422
    assert Organization.objects.get(pk=unit.pk).parent == city
    assert client.post(path, {"place": county.pk, "on": "2026-01-01"}).status_code == 302
    assert Organization.objects.get(pk=unit.pk).path == f"{county.path}{unit.pk}/"


def test_a_merger_lists_what_must_be_settled_first(client, city):
    one, two = (make_organization(parent=city, kind=OrganizationKind.COUNTY) for _number in range(2))
    for row in (one, two):
        make_unit(row, name="示例一厂工会")
    sign_in(client, make_staff(city))
    path = reverse("organizations:organization-merge", args=[one.pk])
    assert "示例一厂工会" in text(client, path, data={"place": two.pk})
    response = client.post(path, {"place": two.pk, "on": "2026-01-01"})
    assert response.status_code == 422
    assert Organization.objects.get(pk=one.pk).closed_on is None


def test_facts_are_recorded_on_their_pages(client, city):
    unit = make_unit(city)
    chair = make_member(unit, name="示例主席")
    sign_in(client, make_staff(city))
    data = {"kind": "committee", "term_from": "2024-03-01", "term_years": 5, "chair": chair.pk}
    assert client.post(reverse("organizations:committee-record", args=[unit.pk]), data).status_code == 302
    data = {"on": "2025-06-30", "workers": 10, "women_workers": 5, "members": 9, "women_members": 4}
    assert client.post(reverse("organizations:count-record", args=[unit.pk]), data).status_code == 302
    page = text(client, unit.get_absolute_url())
    assert ("示例主席" in page, "2029-03-01" in page, "2025-06-30" in page) == (True, True, True)
    data = {"kind": "committee", "term_from": "2025-03-01", "chair": make_member().pk}
    assert client.post(reverse("organizations:committee-record", args=[unit.pk]), data).status_code == 422
    assert unit.committees.count() == 1


def test_an_employer_is_registered_and_named(client, city):
    unit = make_unit(city)
    sign_in(client, make_staff(city))
    data = {"organization": city.pk, "name": "示例公司", "uscc": "91110000600037341L"}
    response = client.post(reverse("organizations:employer-create"), data)
    assert response.status_code == 302
    data = {
        "name": unit.name,
        "employment_form": "standard",
        "employer": "91110000600037341l",
        "industry": "C",
        "ownership": "private",
        "version": 1,
    }
    assert client.post(reverse("organizations:organization-update", args=[unit.pk]), data).status_code == 302
    assert unit.name in text(client, response.url)
    assert "示例公司" in text(client, unit.get_absolute_url())


PAGES = ("organization-move", "organization-merge", "committee-record", "count-record", "committee-end")


@pytest.mark.parametrize("page", PAGES)
def test_who_opens_which_page(client, city, page):
    path = reverse(f"organizations:{page}", args=[make_unit(city).pk])
    roles = {Role.CHAIR: 200, Role.CADRE: 200, Role.REVIEWER: 403, Role.EDITOR: 403}
    found = {role: sign_in(client, make_staff(city, role)).get(path).status_code for role in roles}
    assert found == roles
    assert sign_in(client, make_staff(make_organization())).get(path).status_code == 404
    assert sign_in(client, make_member(city)).get(path).status_code == 404


def test_an_employer_is_edited_by_who_registered_it(client, city):
    unit = make_unit(city)
    row = employer_create(actor=None, organization=city, name="示例公司")
    Organization.objects.filter(pk=unit.pk).update(employer=row)
    sign_in(client, make_staff(unit))
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.get(reverse("organizations:employer-update", args=[row.pk])).status_code == 403
