"""What leaves the portal: tables as workbooks, and the public page.

No small number can be calculated from them.
"""

import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.periods import Period
from portal.organizations.choices import OrganizationKind
from portal.statistics import asking
from portal.statistics.selectors import figures
from portal.statistics.services.recounting import recount
from portal.statistics.services.taking_out import SMALL, judged, table_take_out
from portal.statistics.suppression import Hidden, is_small, recoverable, with_totals
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.statistics.held import held_event

pytestmark = pytest.mark.django_db
NOT_SHOWN = "不显示"
QUARTER_DAYS = [date(2025, 2, 5), date(2025, 5, 5), date(2025, 8, 5)]
# Number of visitors, by county and quarter.
VISITS = [[3, 12, 9], [8, 7, 30], [5, 14, 2]]


@pytest.fixture
def city():
    """A city whose counties have the VISITS, and pairs in two of them."""
    made = make_organization(name="示例甲市总工会")
    for number, row in enumerate(VISITS):
        county = make_organization(parent=made, kind=OrganizationKind.COUNTY, name=f"示例{'甲乙丙'[number]}县总工会")
        for day, people in zip(QUARTER_DAYS, row, strict=True):
            held_event(county, day, people=people, pairs=min(people // 4, 2))
    recount()
    return made


def taken_out(city, code, text, *, outside, actor=None):
    """Return label -> value of the table in the exported workbook."""
    content = table_take_out(
        actor=actor or make_staff(city),
        code=code,
        words=asking.shown_indicators()[code],
        node=city,
        period=Period.parse(text),
        outside=outside,
    )
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=7, max_col=2, values_only=True))
    return dict(rows)


def test_inside_the_line_all_numbers_stand(city):
    found = taken_out(city, "MM02", "2025-Q1", outside=False)
    assert found == {"示例甲县总工会": 3, "示例乙县总工会": 8, "示例丙县总工会": 5, "合计": 16}
    assert taken_out(city, "MM02", "2025-02", outside=False)["合计"] == 16


@pytest.mark.parametrize("text", ["2025-02", "2025-H1", "2021..2025", "S2025", "2025-01..2025-03"])
def test_outside_only_quarters_and_years_are_given(city, text):
    with pytest.raises(DomainError) as refused:
        taken_out(city, "MM02", text, outside=True)
    assert refused.value.code == "period"
    assert not AuditEntry.objects.filter(action="figures.take-out").exists()


def test_outside_a_period_is_given_once_it_is_over(city):
    with pytest.raises(DomainError) as refused:
        taken_out(city, "MM02", f"{timezone.localdate().year}", outside=True)
    assert refused.value.code == "period"


def test_outside_no_small_number_is_recovered_from_all_quarters_and_the_year(city):
    periods = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025")
    tables = [taken_out(city, "MM02", text, outside=True) for text in periods]
    counties = [name for name in tables[0] if name != "合计"]
    cells = [[*VISITS["甲乙丙".index(name[2])], 0] for name in counties]
    whole = with_totals(cells)
    hidden = {}
    for to, table in enumerate(tables):
        for at, name in enumerate([*counties, "合计"]):
            if table[name] in (SMALL, NOT_SHOWN):
                hidden[at, to] = Hidden.SMALL if table[name] == SMALL else Hidden.WITH_IT
            else:
                assert table[name] == whole[at][to]
    small = {(at, to) for at, row in enumerate(whole) for to, value in enumerate(row) if is_small(value)}
    assert {cell for cell, why in hidden.items() if why == Hidden.SMALL} == small
    assert len(small) == 2
    assert recoverable(whole, hidden) == []


def test_outside_a_ratio_is_hidden_with_its_parts(city):
    inside = taken_out(city, "MM04", "2025-Q1", outside=False)
    outside = taken_out(city, "MM04", "2025-Q1", outside=True)
    assert inside["示例乙县总工会"] == 50.0
    # Two pairs and three visits are small; the third is hidden with them.
    assert {name for name, value in outside.items() if value == NOT_SHOWN} >= {"示例甲县总工会", "示例乙县总工会"}


def test_outside_different_people_give_no_small_part_away(city):
    inside = taken_out(city, "MM02p", "2025-Q1", outside=False)
    outside = taken_out(city, "MM02p", "2025-Q1", outside=True)
    small = [name for name, value in inside.items() if is_small(value)]
    assert [name for name, value in outside.items() if value == SMALL] == small
    assert small == ["示例甲县总工会"]
    assert list(outside.values()).count(NOT_SHOWN) == 1


def test_taking_out_is_noted(city):
    actor = make_staff(city)
    taken_out(city, "MM02", "2025-Q1", outside=True, actor=actor)
    (entry,) = AuditEntry.objects.filter(action="figures.take-out")
    assert entry.data == {"code": "MM02", "period": "2025-Q1", "outside": True}


def test_the_page_of_taking_out_answers_with_the_workbook_or_the_reason(client, city):
    sign_in(client, make_staff(city))
    path = reverse("statistics:figure-export")
    refused = client.post(f"{path}?code=MM02&node={city.pk}&period=2025-02", {"leaves": "outside"})
    assert refused.status_code == 422
    assert "只提供季度和年度数字" in refused.content.decode()
    given = client.post(f"{path}?code=MM02&node={city.pk}&period=2025-02", {"leaves": "inside"})
    assert given.status_code == 200
    assert given.headers["Content-Disposition"] == 'attachment; filename="MM02-2025-02.xlsx"'


def published(client, year):
    return client.get(reverse("statistics:published"), {"year": year})


def test_what_is_published_gives_no_small_number_away(client):
    province, cities = make_province(), [make_organization(name=f"示例{name}市总工会") for name in "甲乙丙"]
    for place, row in zip(cities, VISITS, strict=True):
        for day, people in zip(QUARTER_DAYS, row, strict=True):
            held_event(place, day, people=people, pairs=min(people // 4, 2))
    held_event(province, QUARTER_DAYS[0], people=2)
    recount()
    response = published(client, 2025)
    assert response.status_code == 200
    tables = {table["words"].code: table["rows"] for table in response.context_data["tables"]}
    assert set(tables) == {"MM01", "MM02", "MM03", "NR06", "CC01", "CC02"}
    nothing_said = []
    periods = [Period.parse(f"2025-Q{number}") for number in (1, 2, 3, 4)]
    for code in ("MM01", "MM02", "MM03"):
        rows = tables[code]
        by_child = figures.by_child([code], province, periods)
        names = figures.labels([place.pk for place in cities])
        cells = [[int(found[code, pk].value) if (code, pk) in found else 0 for found in by_child] for pk in names]
        own = [int(found[code, None].value) for found in by_child]
        cells += [own] if any(own) else []
        whole, hidden = with_totals(cells), {}
        assert len(rows) == len(whole)
        if {text for _label, texts in rows for _heading, text in texts} == {NOT_SHOWN}:
            nothing_said.append(code)
            continue
        for at, (_label, texts) in enumerate(rows):
            for to, (_heading, text) in enumerate(texts):
                if text in (SMALL, NOT_SHOWN):
                    hidden[at, to] = Hidden.SMALL if text == SMALL else Hidden.WITH_IT
                else:
                    assert text == f"{whole[at][to]:,}"
        small = {(at, to) for at, row in enumerate(whole) for to, value in enumerate(row) if is_small(value)}
        assert {cell for cell, why in hidden.items() if why == Hidden.SMALL} == small
        assert small
        assert recoverable(whole, hidden) == []
    # One event per quarter and city: four that sum to less than five.
    assert nothing_said == ["MM01"]


def test_what_is_not_over_is_not_published(client):
    today = timezone.localdate()
    held_event(make_organization(), today, people=9)
    recount()
    over = (today.month - 1) // 3
    context = published(client, today.year).context_data
    assert (len(context["quarters"]), context["whole"]) == (over, False)
    assert all(len(texts) == over + 1 for table in context["tables"] for _label, texts in table["rows"])
    context = published(client, today.year - 1).context_data
    assert (len(context["quarters"]), context["whole"]) == (4, True)
    for year in (today.year + 1, "x", "1900", "9" * 30):
        assert published(client, year).status_code == 404


def test_the_same_table_is_judged_once():
    assert judged([[3, 9], [9, 9]]) is judged([[3, 9], [9, 9]])
