"""Budgets and costs: what is set aside, planned, spent and left, here and below."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from matchmaking.choices.events import EventState
from matchmaking.models import EventBudget, EventCost
from matchmaking.selectors.budgets import budget_events, budget_kinds, budget_levels, with_costs
from matchmaking.services.budgets import budget_create, budget_update, cost_create, cost_remove, cost_update
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from tests.factories.matchmaking import make_event, put_event
from tests.factories.matchmaking_library import make_budget, make_cost
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization()


def year_of(event):
    return event.starts_at.year


def test_a_year_has_one_budget_and_an_edit_that_came_first_is_a_conflict(city):
    cadre = make_staff(city)
    budget = budget_create(actor=cadre, organization=city, year=2026, planned=Decimal(5000))
    with pytest.raises(ValidationError):
        budget_create(actor=cadre, organization=city, year=2026, planned=Decimal(1))
    with pytest.raises(ValidationError):
        budget_create(actor=cadre, organization=city, year=1999, planned=Decimal(1))
    budget_update(actor=cadre, budget=budget, version=1, planned=Decimal(6000))
    with pytest.raises(Conflict):
        budget_update(actor=cadre, budget=budget, version=1, planned=Decimal(7000))
    assert EventBudget.objects.get().planned == 6000


@pytest.mark.parametrize("state", EventState)
def test_costs_are_written_until_the_report(city, state):
    event = make_event(city, state=state)
    cost = make_cost(event)
    actions = (
        lambda: cost_create(actor=event.created_by, event=event, kind="catering", planned=Decimal(9)),
        lambda: cost_update(actor=event.created_by, cost=cost, spent=Decimal(90)),
        lambda: cost_remove(actor=event.created_by, cost=cost),
    )
    closed = state in (EventState.CANCELLED, EventState.REPORTED)
    for action in actions:
        if closed:
            with pytest.raises(DomainError):
                action()
        else:
            action()
    assert list(event.costs.values_list("kind", "spent")) == ([("venue", None)] if closed else [("catering", None)])


def test_no_amount_is_below_zero(city):
    event = make_event(city)
    with pytest.raises(ValidationError):
        cost_create(actor=event.created_by, event=event, kind="venue", planned=Decimal(-1))
    assert not EventCost.objects.exists()


def test_what_is_left_takes_off_the_spent_or_else_the_planned(city):
    event = make_event(city)
    budget = make_budget(city, year=year_of(event))
    make_cost(event, planned=1000, spent=800)
    make_cost(event, kind="catering", planned=500)
    other_year = put_event(make_event(city), starts_at=event.starts_at.replace(year=year_of(event) - 1))
    make_cost(other_year, planned=77)
    make_cost(make_event(), planned=66)
    dropped = make_event(city)
    make_cost(dropped, planned=300)
    put_event(dropped, EventState.CANCELLED)
    row = with_costs(EventBudget.objects.filter(pk=budget.pk)).get()
    assert (row.costs_planned, row.costs_spent, row.rest) == (1500, 800, 10000 - 800 - 500)
    assert [(str(line.label), line.planned, line.spent) for line in budget_kinds(budget)] == [
        ("场地", 1000, 800),
        ("餐饮", 500, 0),
    ]
    assert [(line.label, line.planned) for line in budget_events(budget)] == [(event.title, 1500)]


def test_the_level_below_is_summed_with_all_under_it(city):
    county, other = make_organization(city, "county"), make_organization(city, "county")
    town = make_organization(county, "township")
    event = make_event(town)
    make_cost(event, planned=10, spent=7)
    year = year_of(event)
    mine = make_budget(city, year=year)
    for place, planned in ((county, 100), (town, 20), (other, 50)):
        make_budget(place, year=year, planned=planned)
    make_budget(make_organization(), year=year, planned=999)
    found = [(level.name, level.budgets, level.planned, level.spent) for level in budget_levels(mine)]
    assert found == [(county.label, 2, 120, 7), (other.label, 1, 50, 0)]


def test_pages_of_money_by_role(client, city):
    event = make_event(city)
    cost, budget = make_cost(event), make_budget(city)
    pages = [
        reverse("matchmaking:budget-list"),
        budget.get_absolute_url(),
        reverse("matchmaking:event-costs", args=[event.pk]),
        reverse("matchmaking:cost-update", args=[cost.pk]),
        reverse("matchmaking:cost-remove", args=[cost.pk]),
    ]
    expected = {
        make_staff(city): [200, 200, 200, 200, 200],
        make_staff(city, Role.REVIEWER): [200, 200, 403, 403, 403],
        make_staff(make_organization()): [200, 404, 404, 404, 404],
    }
    for actor, answers in expected.items():
        sign_in(client, actor)
        assert [client.get(page).status_code for page in pages] == answers


def test_an_amount_is_written_down_on_the_page(client, city):
    event = make_event(city)
    sign_in(client, event.created_by)
    address = reverse("matchmaking:event-costs", args=[event.pk])
    assert client.post(address, {"kind": "venue", "planned": "12.50", "spent": ""}).status_code == 302
    assert event.costs.values_list("planned", "spent").get() == (Decimal("12.50"), None)
    assert client.post(address, {"kind": "venue", "planned": "-1"}).status_code == 422
    assert event.costs.count() == 1
