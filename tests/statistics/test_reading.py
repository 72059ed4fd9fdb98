"""What readers of figures get: rows that open, the number of those that do not, and trends.

Also the subtree as it was at the time.
"""

from datetime import date

import pytest

from portal.core.periods import Period
from portal.core.roles import Role
from portal.organizations.choices import OrganizationKind
from portal.organizations.services.moving import organization_move
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures, rows, targets
from portal.statistics.services.recounting import recount, recount_touched
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.statistics.held import held_event

pytestmark = pytest.mark.django_db
MARCH = Period.parse("2026-03")


def make_county(city=None):
    return make_organization(city or make_organization(), OrganizationKind.COUNTY)


@pytest.fixture
def county():
    """A county with an event of its own and one of a unit below it, two people each."""
    made = make_county()
    for place in (made, make_unit(made)):
        held_event(place, date(2026, 3, 5), people=2, pairs=1)
    recount()
    return made


def opened(actor, code, node):
    return rows.opening(actor, indicators()[code], node, MARCH)


def test_rows_within_reach_open_and_the_others_are_counted(county):
    """A cadre of a unit sees the unit's own event, one of the two in the county's figure."""
    unit = county.children.get()
    found = opened(make_staff(unit, Role.CADRE), "MM01", county)
    assert (found.opens, found.visible.count(), found.hidden) == (True, 1, 1)
    assert found.visible.get().organization == unit
    everything = opened(make_staff(county), "MM01", county)
    assert (everything.visible.count(), everything.hidden) == (2, 0)


def test_above_the_county_rows_of_single_persons_do_not_open(county):
    city = county.parent
    found = opened(make_staff(city), "MM02", city)
    assert (found.opens, found.visible.count(), found.hidden) == (False, 0, 4)
    assert opened(make_staff(county), "MM02", county).opens
    assert opened(make_staff(city), "MM01", city).opens


def test_a_stranger_opens_nothing(county):
    found = opened(make_staff(make_organization()), "MM01", county)
    assert (found.visible.count(), found.hidden) == (0, 2)


def test_a_trend_has_a_cell_for_each_period(county):
    months = MARCH.run(3)
    assert [cell.value for cell in figures.trend("MM01", county, months)] == [None, None, 2]
    assert [cell.value for cell in figures.trend("MM01", county, [*months[1:], Period.parse("2026-04")])] == [
        None, 2, 0,
    ]  # fmt: skip
    both = figures.trends(["MM01", "MM04"], county, months)
    assert [cell.value for cell in both["MM01"]] == [None, None, 2]
    assert [cell.value for cell in both["MM04"]] == [None, None, 1]


def test_what_changed_most_is_told_by_its_share(county):
    """One more event is a large share of a total of two.

    As many visits as a year before are no change, and a stock is never listed.
    """
    held_event(county, date(2025, 3, 5), people=4)
    recount()
    changes = targets.biggest_changes(["MM01", "MM02", "ORG01"], county.parent, MARCH)
    assert [
        (change.code, change.organization, change.value, change.before, change.difference) for change in changes
    ] == [("MM01", county, 2, 1, 1)]


def test_who_moved_away_stays_among_the_children_of_its_months(county):
    unit, other = county.children.get(), make_county(county.parent)
    organization_move(actor=make_staff(make_province()), organization=unit, new_parent=other, on=date(2026, 3, 20))
    recount_touched()
    for node in (county, other):
        assert unit in figures.table("MM01", node, MARCH).children
    assert unit not in figures.table("MM01", county, Period.parse("2026-04")).children
