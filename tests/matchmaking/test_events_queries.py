"""No planning page needs more queries for more rows: desk pages at most 15, member pages 10."""

import pytest
from django.urls import reverse

from matchmaking.choices.events import EventState
from portal.core.roles import Role
from tests.factories.matchmaking import make_event, make_participation, make_single
from tests.factories.matchmaking_library import (
    make_budget,
    make_cost,
    make_demand,
    make_invitation,
    make_partner,
    make_series,
    make_theme,
    make_venue,
)
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
DESK, MEMBER = 15, 10
SIZES = (1, 3)


class Place:
    """A city, its cadre, a single of one of its units, and an event."""

    def __init__(self):
        self.city = make_organization()
        self.unit = make_unit(self.city)
        self.cadre = make_staff(self.city, role=Role.CADRE, phone=phone_number(1))
        self.single = make_single(self.unit, phone=phone_number(2))
        fields = {"restricted": True, "men_quota": 99, "women_quota": 99, "needs_review": True}
        self.event = make_event(self.city, created_by=self.cadre, balance_tolerance=2, **fields)

    def of(self, page):
        return self.cadre, reverse(f"matchmaking:event-{page}", args=[self.event.pk])


def series_list(place, number):
    for _count in range(number):
        series = make_series(place.city)
        make_event(place.city, series=series)
    return place.cadre, reverse("matchmaking:series-list")


def series_page(place, number):
    series = make_series(place.city)
    for _count in range(number):
        make_event(place.city, series=series)
    return place.cadre, series.get_absolute_url()


def theme_list(place, number):
    for _count in range(number):
        make_event(place.city, theme=make_theme())
    return place.cadre, reverse("matchmaking:theme-list")


def venue_list(place, number):
    for _count in range(number):
        make_event(place.city, venue=make_venue(place.city))
    return place.cadre, reverse("matchmaking:venue-list")


def venue_page(place, number):
    venue = make_venue(place.city)
    for _count in range(number):
        make_event(place.city, venue=venue, state=EventState.DRAFT)
        make_event(place.city, venue=None)
    return place.cadre, venue.get_absolute_url()


def month(place, number):
    for _count in range(number):
        make_event(place.city, venue=make_venue(place.city), theme=make_theme())
    return place.cadre, reverse("matchmaking:event-calendar")


def demand_list(place, number):
    for _count in range(number):
        make_demand(make_unit(place.city), theme=make_theme())
    return place.cadre, reverse("matchmaking:demand-list")


def demand_merge(place, number):
    rows = [make_demand(make_unit(place.city), theme=make_theme()) for _count in range(number)]
    query = "&".join(f"pk={row.pk}" for row in rows)
    return place.cadre, f"{reverse('matchmaking:demand-merge')}?{query}"


def demand_mine(place, number):
    for _count in range(number):
        make_demand(place.unit, asked_by=place.single, on_behalf_of_unit=False, theme=make_theme())
    return place.single, reverse("matchmaking:demand-mine")


def budget_list(place, number):
    for _count in range(number):
        make_budget(make_organization(place.city, "county"))
    return place.cadre, reverse("matchmaking:budget-list")


def budget_page(place, number):
    budget = make_budget(place.city, year=place.event.starts_at.year)
    for _count in range(number):
        make_cost(make_event(place.city))
        county = make_organization(place.city, "county")
        make_budget(county, year=budget.year)
        make_cost(make_event(county))
    return place.cadre, budget.get_absolute_url()


def costs(place, number):
    for _count in range(number):
        make_cost(place.event)
    return place.of("costs")


def partners(place, number):
    for _count in range(number):
        make_partner(place.event, organization=make_organization())
    return place.of("partners")


def partner_list(place, number):
    for _count in range(number):
        make_partner(make_event(), organization=make_unit(place.city))
    return place.cadre, reverse("matchmaking:partner-list")


def invitations(place, number):
    for _count in range(number):
        make_invitation(place.event, make_member(make_unit(place.city)))
        make_invitation(place.event, unit=make_unit(place.city))
    return place.of("invitations")


def review(place, number):
    for _count in range(number):
        make_participation(place.event, make_single(make_unit(place.city)), state="applied")
    return place.of("review")


def sheet(place, number):
    for _count in range(number):
        make_participation(place.event, make_single(make_unit(place.city)))
    return place.of("sheet")


def participants(place, number):
    for _count in range(number):
        make_participation(place.event, make_single(make_unit(place.city)))
        make_participation(place.event, make_single(make_unit(place.city)), state="waitlisted")
    return place.of("participants")


def event_page(place, number):
    place.event.venue, place.event.theme = make_venue(place.city), make_theme()
    place.event.series = make_series(place.city)
    place.event.save()
    for _count in range(number):
        make_participation(place.event, make_single(make_unit(place.city)), state="waitlisted")
        make_partner(place.event)
    return place.of("detail")


def letters(place, number):
    for count in range(number):
        place.event.letters.create(to="everyone", title=f"{count}", words="x", people=1, sent_by=make_staff(place.city))
    return place.of("letters")


def event_form(place, number):
    for _count in range(number):
        make_venue(place.city)
        make_series(place.city)
        make_theme()
    return place.cadre, reverse("matchmaking:event-create")


def waiting_member(place, number):
    make_invitation(place.event, place.single)
    make_participation(place.event, place.single, state="waitlisted")
    for count in range(number):
        make_participation(place.event, make_single(place.unit), state="waitlisted")
        place.event.letters.create(to="waiting", title=f"{count}", words="x", people=1, sent_by=place.cadre)
    return place.single, place.event.get_member_url()


def invited_list(place, number):
    for _count in range(number):
        event = make_event(place.city, restricted=True, theme=make_theme())
        make_invitation(event, place.single)
    return place.single, reverse("matchmaking:meet-list")


DESK_PAGES = (
    series_list,
    series_page,
    theme_list,
    venue_list,
    venue_page,
    month,
    demand_list,
    demand_merge,
    budget_list,
    budget_page,
    costs,
    partners,
    partner_list,
    invitations,
    review,
    sheet,
    participants,
    event_page,
    letters,
    event_form,
)
MEMBER_PAGES = (demand_mine, waiting_member, invited_list)


@pytest.mark.parametrize(
    ("build", "limit"), [*((page, DESK) for page in DESK_PAGES), *((page, MEMBER) for page in MEMBER_PAGES)]
)
def test_a_page_asks_the_same_at_every_size(client, build, limit):
    counts = []
    for number in SIZES:
        reader, address = build(Place(), number)
        counts.append(queries_of(sign_in(client, reader), address))
        client.logout()
    assert counts == [counts[0]] * len(SIZES)
    assert counts[0] <= limit
