"""Recounts: sums over levels, ratios, and faults that are found and corrected.

A recount of what was touched gives the same as a full one.
"""

import contextlib
import time
from datetime import date
from decimal import Decimal

import pytest

from matchmaking.choices.events import EventState
from portal.core.periods import Period
from portal.messaging.models import Touch
from portal.organizations.services.moving import organization_move
from portal.statistics.models import Figure, FigureFault, OwnFigure, PeopleFigure
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures as figures_selectors
from portal.statistics.selectors import rows
from portal.statistics.services import recounting
from portal.statistics.services.recounting import recount, recount_touched
from tests.factories.matchmaking import make_participation, make_single, put_event
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.statistics.held import held_event
from tests.threads import at_once


def value(code, organization, text):
    return figures_selectors.values([code], [organization.pk], Period.parse(text))[code, organization.pk].value


@pytest.mark.django_db
def test_ratio_is_made_of_summed_parts():
    city, other = make_organization(), make_organization()
    held_event(city, date(2026, 3, 5), people=20, pairs=2)
    held_event(other, date(2026, 3, 6), people=16, pairs=1)
    recount()
    assert value("MM04", city, "2026") == Decimal(4) / 20
    assert value("MM04", other, "2026") == Decimal(2) / 16
    assert value("MM04", make_province(), "2026") == Decimal(6) / 36


@pytest.mark.parametrize(
    ("pairs", "people", "factor", "shown"),
    [(86, 588, 2, "29.3"), (10, 100, 1, "10.0"), (10 + 2, 100 + 80, 2, "13.3")],
)
def test_golden_rates(pairs, people, factor, shown):
    assert f"{figures_selectors.ratio(pairs, people, factor) * 100:.1f}" == shown


def test_golden_quotient():
    assert f"{figures_selectors.ratio(2_027_000, 40_776):.1f}" == "49.7"


@pytest.mark.django_db
def test_no_data_differs_from_nothing():
    city = make_organization()
    held_event(city, date(2026, 3, 5))
    recount()
    assert value("MM01", city, "2025") is None
    assert value("MM01", city, "2026-Q1") == 1
    assert value("MM01", city, "2026-Q2") == 0


@pytest.mark.django_db
def test_people_are_counted_anew_at_every_level():
    one, two, person = make_organization(), make_organization(), make_single()
    for city in (one, two):
        make_participation(held_event(city, date(2026, 3, 5)), person)
    recount()
    assert value("MM02", make_province(), "2026") == 2
    assert [value("MM02p", place, "2026") for place in (one, two, make_province())] == [1, 1, 1]


@pytest.mark.django_db
def test_move_splits_the_month_between_parents():
    one, two = make_organization(), make_organization()
    unit, actor = make_unit(one, founded_on=date(2020, 1, 1)), make_staff(make_province())
    held_event(unit, date(2026, 3, 5))
    held_event(unit, date(2026, 3, 25))
    recount()
    organization_move(actor=actor, organization=unit, new_parent=two, on=date(2026, 3, 20))
    recount_touched()
    assert [value("MM01", place, "2026-03") for place in (unit, one, two, make_province())] == [2, 1, 1, 2]
    assert {
        child.pk: cell.value
        for child, cell in figures_selectors.table("MM01", one, Period.parse("2026-03")).children.items()
    } == {unit.pk: 1}
    assert recount().mended == 0


@pytest.mark.django_db
def test_rows_open_to_the_figure():
    city = make_organization()
    make_participation(held_event(city, date(2026, 3, 5)))
    recount()
    for code, indicator in indicators().items():
        if indicator.kind == "ratio":
            continue
        for node in (city, make_province()):
            found = rows.rows(indicator, node, Period.parse("2026"))
            assert rows.measured(indicator, found) == (value(code, node, "2026") or 0), code


@pytest.mark.django_db
def test_planted_wrong_figure_is_found_mended_and_told():
    city = make_organization()
    held_event(city, date(2026, 3, 5))
    recount()
    Figure.objects.filter(indicator="MM01", organization_id=city.pk).update(value=7)
    log = recount()
    assert log.mended == 1
    assert list(FigureFault.objects.values_list("indicator", "organization_id", "start", "was", "now")) == [
        ("MM01", city.pk, date(2026, 3, 1), 7, 1)
    ]
    assert value("MM01", city, "2026") == 1
    assert recount().mended == 0


@pytest.mark.django_db
def test_untouched_change_is_a_fault_at_every_level():
    city = make_organization()
    recount()
    held_event(city, date(2026, 3, 5))
    Touch.objects.all().delete()
    log = recount()
    faults = FigureFault.objects.filter(recount=log, indicator="MM01").values_list("organization_id", "was", "now")
    assert sorted(faults) == sorted([(city.pk, None, 1), (make_province().pk, None, 1)])


@pytest.mark.django_db
def test_the_first_full_recount_takes_over_what_touched_ones_left():
    city = make_organization()
    event = held_event(city, date(2026, 3, 5), people=3)
    recount_touched()
    put_event(event, EventState.CANCELLED)
    held_event(city, date(2026, 4, 5), people=2)
    Touch.objects.all().delete()
    recount()
    assert [value("MM01", city, month) for month in ("2026-03", "2026-04")] == [0, 1]
    assert [value("MM02p", city, month) for month in ("2026-03", "2026-04")] == [0, 2]


@pytest.mark.django_db
def test_figure_that_fell_away_stays_as_nothing():
    city = make_organization()
    event = held_event(city, date(2026, 3, 5))
    recount()
    put_event(event, EventState.CANCELLED)
    recount()
    assert value("MM01", city, "2026") == 0
    assert OwnFigure.objects.get(indicator="MM01").value == 0
    assert not PeopleFigure.objects.filter(value__gt=0).exists()


@pytest.mark.django_db
def test_two_touched_recounts_take_each_touch_once():
    make_organization()
    assert recount_touched().touches > 0
    assert recount_touched() is None


def figures():
    return [
        sorted(model.objects.values_list(*(field.attname for field in model._meta.concrete_fields)))
        for model in (OwnFigure, Figure, PeopleFigure)
    ]


def test_recounts_at_once_take_turns(fresh_database, monkeypatch):
    """Four full recounts and four of what was touched start at once.

    One counts at a time, and each change counts once.
    """
    city = make_organization()
    held_event(city, date(2026, 3, 5), people=3, pairs=2)
    recount()
    right, inside, most = figures(), [], []
    Figure.objects.filter(indicator="MM01").update(value=77)
    make_unit(city)
    transaction = recounting._transaction

    @contextlib.contextmanager
    def watched(**options):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.05)
        try:
            with transaction(**options):
                yield
        finally:
            inside.pop()

    monkeypatch.setattr(recounting, "_transaction", watched)
    results = at_once(lambda number: recount() if number % 2 else recount_touched(), range(8))

    assert [result for result in results if isinstance(result, Exception)] == []
    logs = [result for result in results if result is not None]
    assert max(most) == 1
    assert sorted(log.mended for log in logs if log.kind == "full") == [0, 0, 0, 2]
    assert sum(log.touches for log in logs) > 0
    assert figures()[2] == right[2]
    assert recount().mended == 0
