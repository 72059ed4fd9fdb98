"""The list kit: columns and page size from the address, paging by key past the cap, hostile values."""

import pytest
from django.urls import reverse

from portal.members.models import Member
from portal.web.paging import CappedPaginator
from tests.factories.members import make_entry, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
PATH = "/members/"


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def desk(client, city):
    return sign_in(client, make_staff(city, name="阿一"))


@pytest.fixture
def people(city):
    unit = make_unit(city)
    return [make_entry(unit, name=name) for name in ("陈一", "陈一", "李二", "王三", "张四")]


def columns(response):
    return [column.name for column in response.context_data["table"].columns]


def test_columns_are_chosen_in_the_address(desk, people):
    assert columns(desk.get(PATH)) == [
        "name",
        "sex",
        "birth_year",
        "organization",
        "marital_status",
        "activated_at",
        "proven_at",
    ]
    assert columns(desk.get(f"{PATH}?columns=sex&columns=organization")) == ["name", "sex", "organization"]
    assert columns(desk.get(f"{PATH}?columns=name")) == ["name"]
    assert len(columns(desk.get(f"{PATH}?columns=password"))) == 7


def test_a_filter_keeps_the_columns(desk, people):
    page = desk.get(f"{PATH}?columns=sex&per_page=50").content.decode()
    assert '<input type="hidden" name="columns" value="sex">' in page
    assert '<input type="hidden" name="per_page" value="50">' in page


@pytest.mark.parametrize("size", ["25", "50", "100"])
def test_the_page_size_is_one_of_three(desk, people, size):
    assert desk.get(f"{PATH}?per_page={size}").context_data["table"].page.paginator.per_page == int(size)


def names(response):
    return [row.record.name for row in response.context_data["table"].page.object_list]


def walk(desk, path, query=""):
    """Return all names of a list, paging by key as long as the page offers it."""
    found, after = [], None
    for _number in range(20):
        response = desk.get(path + query + (f"&after={after}" if after else ""))
        found += names(response)
        after = response.context_data["after_pk"]
        if after is None:
            return found
    raise AssertionError("the list has no end")


def test_past_the_cap_a_list_goes_on_by_key(desk, people, monkeypatch):
    whole = names(desk.get(PATH))
    monkeypatch.setattr(CappedPaginator, "cap", 2)
    assert walk(desk, PATH, "?x=1") == whole
    assert len(whole) == 6


def test_a_number_that_is_known_is_not_counted_again(people, django_assert_num_queries):
    rows = Member.objects.order_by("pk")
    with django_assert_num_queries(0):
        paginator = CappedPaginator(rows, 25, counted=CappedPaginator.cap + 7)
        assert (paginator.count, paginator.capped) == (CappedPaginator.cap, True)


def test_past_the_cap_another_order_ends(desk, people, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "cap", 2)
    response = desk.get(f"{PATH}?sort=sex")
    assert response.context_data["after_pk"] is None


def test_a_row_outside_her_reach_is_no_place_to_go_on_from(desk, people):
    stranger = make_entry(make_unit(make_organization()), name="外人")
    assert names(desk.get(f"{PATH}?after={stranger.pk}")) == names(desk.get(PATH))


def test_the_way_on_is_a_link_with_a_number_and_no_name(desk, people, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "cap", 25)
    monkeypatch.setattr(CappedPaginator, "sizes", (5, 10))
    page = desk.get(f"{PATH}?page=2").content.decode()
    assert "after=" not in page
    monkeypatch.setattr(CappedPaginator, "cap", 5)
    assert "chen" not in desk.get(PATH).content.decode()


@pytest.mark.parametrize("value", ["", "-1", "x", "9" * 30, "9" * 5000, "%00", "1,2"])
def test_hostile_values_are_no_server_error(desk, people, value):
    for name in ("after", "columns", "per_page"):
        assert desk.get(f"{PATH}?{name}={value}").status_code in (200, 400)


def test_organizations_go_on_by_key_too(desk, city, monkeypatch):
    for number in range(4):
        make_unit(city, name=f"示例{number}厂")
    path = reverse("organizations:organization-list")
    whole = names(desk.get(path))
    monkeypatch.setattr(CappedPaginator, "cap", 2)
    assert walk(desk, path, "?x=1") == whole
