"""Choosing a unit where there are more than a list can show."""

import pytest
from django.urls import reverse

from portal.members.models import Member
from portal.members.views.desk import places as places
from tests.factories.members import identity_number, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
NUMBER = identity_number(11)


@pytest.fixture
def city(client, monkeypatch):
    """A city with more units than are offered at once; its chair is signed in."""
    monkeypatch.setattr(places, "NEAR", 3)
    made = make_organization(name="示例甲市总工会")
    for name in ("示例一厂", "示例二厂", "示例三厂", "示例四厂", "示例纺织五厂"):
        make_unit(made, name=name)
    sign_in(client, make_staff(made))
    return made


def offered(client, page, **asked):
    field = client.get(reverse(page), asked).context_data["form"].fields["organization"]
    return [label for value, label in field.widget.choices if value]


@pytest.mark.parametrize("page", ["members:member-create", "members:transfer-create"])
def test_a_few_are_offered_and_the_others_found_by_name(client, city, page):
    assert offered(client, page) == ["示例甲市总工会", "示例一厂", "示例二厂"]
    assert offered(client, page, place="纺织") == ["示例纺织五厂", "示例甲市总工会", "示例一厂", "示例二厂"]
    assert 'name="place"' in client.get(reverse(page)).content.decode()


def chosen(client, **asked):
    form = client.get(reverse("members:member-create"), asked).context_data["form"]
    return form["organization"].value()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("纺织", "已找到，并已在下方选中：示例纺织五厂。"),
        ("厂", "找到 5 个组织，请在下方选择。"),
        ("没有的", "您的管辖范围内没有名称含这些字的组织。"),
    ],
)
def test_what_the_search_came_to_is_said_and_the_only_one_is_chosen(client, city, place, said):
    page = client.get(reverse("members:member-create"), {"place": place})
    assert page.context_data["place_said"] == said
    assert said in page.content.decode()
    only = city.children.get(name="示例纺织五厂").pk if place == "纺织" else None
    assert chosen(client, place=place) == only


def test_more_than_are_shown_is_said(client, city, monkeypatch):
    monkeypatch.setattr(places, "SHOWN", 2)
    page = client.get(reverse("members:member-create"), {"place": "厂"})
    assert page.context_data["place_said"] == "符合的组织太多，请多输入几个字，或在下方选择。"


def test_the_only_unit_she_has_is_chosen(client):
    unit = make_unit()
    sign_in(client, make_staff(unit))
    assert chosen(client) == unit.pk


def test_where_they_are_few_all_are_offered(client, city, monkeypatch):
    monkeypatch.setattr(places, "NEAR", 60)
    assert len(offered(client, "members:member-create")) == 6
    assert 'name="place"' not in client.get(reverse("members:member-create")).content.decode()


def test_a_unit_that_was_found_is_taken_and_kept_when_something_else_is_wrong(client, city):
    unit = city.children.get(name="示例纺织五厂")
    typed = {
        "organization": unit.pk, "name": "示例欧阳", "sex": "female", "identity_number": "1",
        "phone": phone_number(7), "marital_status": "single",
    }  # fmt: skip
    page = client.post(reverse("members:member-create"), typed)
    assert page.status_code == 422
    assert f'value="{unit.pk}" selected' in page.content.decode()
    assert client.post(reverse("members:member-create"), {**typed, "identity_number": NUMBER}).status_code == 302
    assert Member.objects.get(name="示例欧阳").organization == unit


def test_a_unit_out_of_reach_is_neither_found_nor_taken(client, city):
    other = make_unit(name="示例纺织外厂")
    assert "示例纺织外厂" not in offered(client, "members:member-create", place="纺织")
    assert client.post(reverse("members:member-create"), {"organization": other.pk}).status_code == 422
    assert not Member.objects.filter(organization=other).exists()
