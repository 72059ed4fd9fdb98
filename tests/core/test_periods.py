"""Periods: their names, the periods before and after, and which of them contain a month."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.core.periods import STANDARD, Period, PeriodKind, containing, month_of, months_after

MONTHS = st.builds(date, st.integers(1960, 2180), st.integers(1, 12), st.just(1))


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2026-02", PeriodKind.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", PeriodKind.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q4", PeriodKind.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-H1", PeriodKind.HALF_YEAR, date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", PeriodKind.HALF_YEAR, date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", PeriodKind.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        ("2022..2026", PeriodKind.FIVE_YEARS, date(2022, 1, 1), date(2026, 12, 31)),
        ("S2026", PeriodKind.SURVEY_YEAR, date(2025, 10, 1), date(2026, 9, 30)),
        ("2025-11..2026-02", PeriodKind.RANGE, date(2025, 11, 1), date(2026, 2, 28)),
        ("2026-03..2026-03", PeriodKind.RANGE, date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_a_name_and_what_it_names(text, kind, start, end):
    period = Period.parse(text)
    assert (period.kind, period.start, period.end) == (kind, start, end)
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    [
        None, "", "26", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-H3", "2022..2025", "2022..2027", "2026..2022",
        "1948", "2200", "1948-12..1949-03", "S1948", "2026-04..2026-03", "2026-03..2026-13", "2026-1", " 2026",
        "2026\n", "２０２６", "2026-02-01", "2026-02..", "q1", "2026-q1", "' OR 1=1",
    ],
)  # fmt: skip
def test_what_names_no_period_is_refused(text):
    with pytest.raises(ValueError, match=r"period|month must|years|ends before"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("2026-02", "2026年2月", "2026-02"),
        ("2026-Q4", "2026年第4季度", "Q4 2026"),
        ("2026-H1", "2026年上半年", "First half of 2026"),
        ("2026-H2", "2026年下半年", "Second half of 2026"),
        ("2026", "2026年", "Year 2026"),
        ("2022..2026", "2022—2026五年", "Five years 2022 to 2026"),
        ("S2026", "2026调查年度（2025年10月至次年9月）", "Survey year 2026 (October 2025 to September)"),
        ("2025-11..2026-02", "2025年11月至2026年2月", "2025-11 to 2026-02"),
    ],
)
def test_its_title_in_both_languages(text, chinese, english):
    with translation.override("zh-hans"):
        assert Period.parse(text).title == chinese
    with translation.override("en"):
        assert Period.parse(text).title == english


@pytest.mark.parametrize(
    ("text", "before", "year_before"),
    [
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-H1", "2025-H2", "2025-H1"),
        ("2026", "2025", "2025"),
        ("2022..2026", "2021..2025", "2021..2025"),
        ("S2026", "S2025", "S2025"),
        ("2026-02..2026-04", "2025-11..2026-01", "2025-02..2025-04"),
    ],
)
def test_its_neighbours(text, before, year_before):
    period = Period.parse(text)
    assert str(period.previous()) == before
    assert str(period.year_before()) == year_before
    assert [str(one) for one in period.run(2)] == [before, text]


@given(MONTHS)
def test_the_periods_that_hold_a_month_are_all_there_are(month):
    """All periods that contain the month are found, and no others.

    They are compared with every period that starts within five years of the month.
    """
    found = containing(month)
    near = [months_after(month, step) for step in range(-60, 61)]
    wanted = {Period.of(kind, start) for kind in STANDARD for start in near}
    assert sorted(found) == sorted(period for period in wanted if period.start <= month <= period.end)


@given(MONTHS, st.integers(-600, 600))
def test_its_months_lie_in_a_row(month, step):
    for period in containing(month):
        months = period.moved(step % 60).months
        assert len(months) == period.count
        assert all(month_of(one + timedelta(days=31)) == two for one, two in pairwise(months))
        assert str(Period.parse(str(period))) == str(period)
