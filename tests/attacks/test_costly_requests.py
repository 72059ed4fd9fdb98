"""Requests that need much computing.

They are limited for each person, and computed once where anyone may open the page.
"""

import random
from datetime import date

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.core.roles import Role
from portal.core.text import mask_name
from portal.organizations.choices import OrganizationKind
from portal.statistics import asking
from portal.statistics.models import Figure, PublishedYear
from portal.statistics.selectors import figures as figures_selectors
from portal.statistics.services import taking_out
from portal.statistics.services.publishing import publish, publish_if_due, quarters_over
from portal.statistics.services.recounting import recount, recount_touched
from portal.statistics.services.taking_out import table_take_out
from portal.statistics.suppression import Hidden, hidden_cells, is_small, recoverable, with_totals
from tests.calls import calls_of
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.hostile.walk import make_home, visits_by_address
from tests.layout.addresses import addresses

pytestmark = pytest.mark.django_db
# Written by hand: the pages that need much computing, and the kind under which each is counted.
COSTLY = {
    "nursing_rooms:room-document": "document",
    "nursing_rooms:room-print": "picture",
    "exchange:run-faults": "import",
    "exchange:import-template": "import",
    "matchmaking:event-document": "document",
    "matchmaking:event-poster": "picture",
    "matchmaking:event-poster-file": "document",
    "matchmaking:event-qr": "picture",
    "matchmaking:meet-ticket-code": "picture",
    "matchmaking:plan-download": "plan",
    "matchmaking:plan-show": "plan",
    "matchmaking:volunteer-figures": "figures",
    "members:authenticator-qr": "picture",
    "members:member-readers": "own",
    "statistics:explorer": "figures",
    "statistics:figure-rows": "figures",
}
COSTLY_POSTS = {
    "childcare:class-attendance": "document",
    "exchange:import-start": "import",
    "matchmaking:event-find": "look-up",
    "matchmaking:event-sheet": "document",
    "members:duty-find": "look-up",
    "members:member-find": "look-up",
    "nursing_rooms:inspection-group": "picture",
    "nursing_rooms:inspection-item": "picture",
    "statistics:figure-export": "take-out",
}


def views():
    """Return {name: view class} of every address."""
    found = {}

    def walk(patterns, space=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                walk(pattern.url_patterns, inner)
            elif pattern.name:
                found[space + pattern.name] = getattr(pattern.callback, "view_class", None)

    walk(get_resolver().url_patterns)
    return found


def test_every_costly_view_names_its_kind(settings):
    named = {name: getattr(view, "cost", "") for name, view in views().items() if getattr(view, "cost", "")}
    assert named == COSTLY
    posts = {name: view.cost_of_post for name, view in views().items() if getattr(view, "cost_of_post", "")}
    assert posts == COSTLY_POSTS
    assert {*COSTLY.values(), *COSTLY_POSTS.values()} == settings.COSTLY_PER_HOUR.keys()
    assert {address.name for address in addresses()} >= COSTLY.keys() | COSTLY_POSTS.keys()


def test_past_its_limit_no_costly_view_works_and_others_do(settings):
    home, tried = make_home(), set()
    for together in visits_by_address(home):
        for visit in together:
            name = visit.address.name
            if name not in COSTLY or name in tried or visit.person is None:
                continue
            settings.COSTLY_PER_HOUR = dict.fromkeys(settings.COSTLY_PER_HOUR, 10_000)
            assert visit.client.get(visit.path).status_code != 429, name
            tried.add(name)
            settings.COSTLY_PER_HOUR = dict.fromkeys(settings.COSTLY_PER_HOUR, 0)
            refused = visit.client.get(visit.path)
            assert refused.status_code == 429, name
            assert "计算量" in refused.content.decode()
            assert visit.client.get("/me/").status_code == 200
    assert tried == COSTLY.keys()


def test_sending_a_costly_form_is_counted_and_opening_it_is_not(settings):
    settings.COSTLY_PER_HOUR = dict.fromkeys(settings.COSTLY_PER_HOUR, 1)
    city = make_province()
    client = sign_in(Client(), make_staff(city))
    other = sign_in(Client(), make_staff(city))
    path = reverse("members:member-find")
    assert client.post(path, {"term": "示例"}).status_code == 302
    assert client.post(path, {"term": "示例"}).status_code == 429
    # Another person has a limit of their own.
    assert other.post(path, {"term": "示例"}).status_code == 302
    export = reverse("statistics:figure-export")
    for _time in range(3):
        assert client.get(export).status_code == 200
    assert client.post(export, {"leaves": "inside"}).status_code == 200
    assert client.post(export, {"leaves": "inside"}).status_code == 429


def test_an_administrators_look_ups_are_counted(settings):
    settings.COSTLY_PER_HOUR = dict.fromkeys(settings.COSTLY_PER_HOUR, 1)
    client = sign_in(Client(), make_staff(make_province(), Role.SECURITY_ADMINISTRATOR))
    path = reverse("admin:members_member_find")
    assert [client.post(path, {"term": "x"}).status_code for _time in range(2)] == [302, 429]


def test_codes_guessed_at_the_door_are_counted_and_right_ones_are_not(monkeypatch):
    monkeypatch.setattr("matchmaking.views.desk.on_the_day.UNKNOWN_CODES_PER_HOUR", 3)
    chair = make_staff()
    event = make_event(chair.organization, created_by=chair)
    row = make_participation(event)
    type(row).objects.filter(pk=row.pk).update(code="123456")
    type(event).objects.filter(pk=event.pk).update(state="running")
    client = sign_in(Client(), chair)
    path = reverse("matchmaking:event-door", args=[event.pk])

    def typed(code):
        return client.post(path, {"code": code})

    for _time in range(5):
        answer = typed("123456")
        assert (answer.status_code, mask_name(row.member.name) in answer.content.decode()) == (200, True)
    assert [typed(f"00000{number}").status_code for number in range(4)] == [200, 200, 200, 429]
    assert typed("123456").status_code == 429


QUARTERS = [date(2025, month, 1) for month in (1, 4, 7, 10)]


def make_units(parent, count, kind=OrganizationKind.CITY):
    return [make_organization(parent=parent, kind=kind, name=f"示例{number:04d}工会") for number in range(count)]


def figures(parent, units, values, code="MM02"):
    """Write the figures of units and of their parent as a recount writes them."""
    chance = random.Random(5)
    rows, totals = [], {}
    for unit in units:
        for month in QUARTERS:
            value = chance.choice(values)
            totals[month] = totals.get(month, 0) + value
            rows.append(
                Figure(
                    indicator=code, organization_id=unit.pk, month=month, parent_id=parent.pk, value=value, own=value
                )
            )
    above = parent.parent_id or 0
    rows += [
        Figure(indicator=code, organization_id=parent.pk, month=month, parent_id=above, value=value, own=0)
        for month, value in totals.items()
    ]
    Figure.objects.bulk_create(rows)
    return rows


@pytest.mark.parametrize("values", [[0, 1, 2, 3, 4, 5, 6, 9, 12], [5, 6, 7, 9, 12, 40, 3]])
def test_the_page_anyone_opens_judges_nothing(monkeypatch, values):
    province = make_province()
    figures(province, make_units(province, 130), values)
    publish()

    def fail(*args):
        pytest.fail("the page judged a table")

    for module in ("portal.statistics.services.publishing", "portal.statistics.services.taking_out"):
        monkeypatch.setattr(f"{module}.hidden_cells", fail)
    address = "/statistics/published/?year=2025"
    Client().get(address)  # loads templates and URLs
    response, calls = calls_of(lambda: Client().get(address))
    assert calls < 200_000
    (table,) = [found for found in response.context_data["tables"] if found["words"].code == "MM02"]
    assert len(table["rows"]) == 131


def test_no_hidden_number_stands_in_what_is_published():
    province = make_province()
    figures(province, make_units(province, 40), [5, 6, 7, 9, 12, 40, 3])
    publish()
    row = PublishedYear.objects.get(year=2025)
    cells = row.tables["MM02"]["cells"]
    numbers = [cell for line in cells for cell in line if isinstance(cell, int)]
    assert numbers
    assert not any(is_small(number) for number in numbers)
    assert {cell for line in cells for cell in line if isinstance(cell, str)} == {"small", "with_it"}
    found = figures_selectors.by_child(["MM02"], province, quarters_over(2025))
    true = with_totals([[int(some["MM02", pk].value) for some in found] for pk in row.tables["MM02"]["places"]])
    hidden = {
        (at, to): Hidden(cell) for at, line in enumerate(cells) for to, cell in enumerate(line) if isinstance(cell, str)
    }
    assert recoverable(true, hidden) == []


def test_a_new_quarter_is_published_by_the_clock(monkeypatch):
    make_province()
    recount()
    year = timezone.localdate().year
    assert PublishedYear.objects.get(year=year).quarters == len(quarters_over(year))
    recount_touched()
    assert publish_if_due() is False
    PublishedYear.objects.filter(year=year).update(quarters=0)
    recount_touched()
    assert PublishedYear.objects.get(year=year).quarters == len(quarters_over(year))


@pytest.mark.parametrize("units", [40, 130, 300])
def test_a_table_is_taken_out_at_a_bounded_cost(units):
    city = make_organization(name="示例甲市总工会")
    figures(city, make_units(city, units, OrganizationKind.COUNTY), [0, 1, 2, 3, 5, 6, 8, 20])
    taking_out._judged.cache_clear()
    actor, words = make_staff(city), asking.shown_indicators()["MM02"]
    period = quarters_over(2025)[0]
    asked = {"actor": actor, "code": "MM02", "words": words, "node": city, "period": period, "outside": True}
    _file, calls = calls_of(lambda: table_take_out(**asked))
    assert calls < 80_000 + 400 * units


def test_three_thousand_units_are_judged_at_a_bounded_cost():
    chance = random.Random(2)
    for values in ([0, 1, 2, 3, 5, 6, 8, 20], [5, 6, 7, 9, 12, 40, 3], [1, 2, 3, 4]):
        cells = [[chance.choice(values) for _quarter in range(4)] for _unit in range(3000)]
        _hidden, calls = calls_of(lambda cells=cells: hidden_cells(cells))
        assert calls < 60 * 4 * len(cells)
