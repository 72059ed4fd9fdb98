"""The maternity-leave calculator: published vectors, what is not known, and a page that keeps nothing."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal.core.calendar import WorkingCalendar
from portal.core.errors import DomainError
from portal.organizations.models import LegalParameter, Region
from portal.organizations.selectors import working_calendar
from rights.leave import (
    Confinement,
    Holidays,
    LeaveKind,
    Number,
    late_pregnancy_from,
    national_leave,
    nursing_time,
    provincial_leave,
)
from rights.selectors.leave import leave_answer, leave_numbers, statutory_holidays
from tests.factories.members import make_member, sign_in
from tests.factories.organizations import make_province, make_unit

SATURDAY = date(2026, 1, 10)
BIRTH, DIFFICULT, MISCARRIAGE = LeaveKind
HEILONGJIANG, BEIJING, SHANGHAI, JIANGSU, ANHUI = "230000", "110000", "310000", "320000", "340000"
ZHEJIANG, GUANGDONG, CHONGQING, SICHUAN, HENAN = "330000", "440000", "500000", "510000", "410000"


def numbers(**values):
    """Return numbers of the law by key, as the selector gives them."""
    return {key: Number(value, "示例法", True) for key, value in values.items()}


# The numbers of State Council order 619.
NATION = numbers(
    leave_days=98,
    leave_difficult_days=15,
    leave_more_babies_days=15,
    leave_before_birth_days=15,
    leave_miscarriage_months=4,
    leave_miscarriage_early_days=15,
    leave_miscarriage_late_days=42,
    late_pregnancy_months=7,
    late_pregnancy_weeks=28,
    nursing_minutes=60,
    nursing_more_babies_minutes=60,
    nursing_months=12,
)
KNOWN = WorkingCalendar(years=frozenset(range(2022, 2030)))


@pytest.fixture
def law(db):
    """Load what ships: provinces, legal numbers, calendar."""
    for command in ("load_regions", "load_legal_parameters", "load_calendar"):
        call_command(command, stdout=StringIO())


def answer(region, first_day=SATURDAY, *, born=None, last_period=None, **case):
    case = Confinement(case.pop("kind", BIRTH), first_day, **case)
    region = Region.objects.get(code=region)
    return leave_answer(case=case, region=region, born=born, last_period=last_period)


# The days of the leave.


@pytest.mark.parametrize(
    ("case", "days", "formula"),
    [
        ({}, 98, "98"),
        ({"kind": DIFFICULT}, 113, "98 + 15 = 113"),
        ({"babies": 2}, 113, "98 + 15 × (2 − 1) = 113"),
        ({"kind": DIFFICULT, "babies": 2}, 128, "98 + 15 + 15 × (2 − 1) = 128"),
        ({"babies": 3}, 128, "98 + 15 × (3 − 1) = 128"),
        ({"kind": MISCARRIAGE, "months": 3}, 15, "15"),
        ({"kind": MISCARRIAGE, "months": 4}, 42, "42"),
    ],
)
def test_the_days_of_the_nation(case, days, formula):
    leave = national_leave(NATION, Confinement(first_day=SATURDAY, **{"kind": BIRTH, **case}), KNOWN)
    assert (leave.days, leave.formula, leave.verified) == (days, formula, True)
    assert leave.last == SATURDAY + timedelta(days=days - 1)


def test_the_first_day_counts_and_work_begins_on_the_next_working_day():
    leave = national_leave(NATION, Confinement(BIRTH, SATURDAY), KNOWN)
    assert (leave.first, leave.last, leave.back_on) == (SATURDAY, date(2026, 4, 17), date(2026, 4, 20))


def test_158_days_from_a_day_in_august():
    province = numbers(leave_extra_days=60)
    leave = provincial_leave(NATION, province, Confinement(BIRTH, date(2022, 8, 15)), KNOWN, Holidays())
    assert (leave.days, leave.last) == (158, date(2023, 1, 19))


@pytest.mark.parametrize(
    ("region", "case", "days", "last"),
    [
        (BEIJING, {}, 158, "2026-06-16"),
        (SHANGHAI, {}, 158, "2026-06-18"),
        (JIANGSU, {}, 158, "2026-06-18"),
        (ANHUI, {}, 158, "2026-06-24"),
        (GUANGDONG, {}, 178, "2026-07-06"),
        (CHONGQING, {}, 178, "2026-07-06"),
        (HEILONGJIANG, {}, 180, "2026-07-08"),
        (ZHEJIANG, {"child": 2}, 188, "2026-07-16"),
        (SICHUAN, {}, 188, "2026-07-16"),
        (GUANGDONG, {"kind": DIFFICULT, "babies": 2}, 223, "2026-08-20"),
        (HEILONGJIANG, {"babies": 2}, 195, "2026-07-23"),
    ],
)
def test_the_last_day_in_each_province_beside_the_nation(law, region, case, days, last):
    found = answer(region, **case)
    assert (found.province.days, found.province.last) == (days, date.fromisoformat(last))
    assert found.national.last == SATURDAY + timedelta(days=found.national.days - 1)
    # No number of a province has been compared with the text in force.
    assert (found.national.verified, found.province.verified) == (True, False)
    assert all(part.number.source for part in found.province.parts)
    assert not found.province.last_provisional


def test_holidays_that_do_not_count_are_named(law):
    assert answer(SHANGHAI).province.holidays == (date(2026, 5, 1), date(2026, 5, 2))
    assert answer(BEIJING).province.holidays == ()
    days = answer(ANHUI).province.holidays
    # The days off around a holiday and Sundays after swaps count as leave.
    assert [f"{day:%m-%d}" for day in days] == [
        "02-16", "02-17", "02-18", "02-19", "04-05", "05-01", "05-02", "06-19",
    ]  # fmt: skip


def test_a_formula_of_a_province(law):
    assert answer(GUANGDONG, kind=DIFFICULT, babies=2).province.formula == "98 + 80 + 30 + 15 × (2 − 1) = 223"
    assert answer(HEILONGJIANG).province.formula == "180"


# What is not known.


@pytest.mark.parametrize(
    ("region", "case"),
    [
        (HENAN, {}),
        (ZHEJIANG, {}),
        (ZHEJIANG, {"child": 3}),
        (HEILONGJIANG, {"kind": MISCARRIAGE, "months": 3}),
        (GUANGDONG, {"kind": MISCARRIAGE, "months": 5}),
        # Before the first day of which the number of the province is known.
        (BEIJING, {"first_day": date(2025, 12, 31)}),
    ],
)
def test_an_unknown_number_is_an_answer_and_no_default(law, region, case):
    found = answer(region, **case)
    assert found.province is None
    assert found.national.days in (15, 42, 98)


def test_each_number_holds_from_its_day_on(law):
    beijing = Region.objects.get(code=BEIJING)
    later = {"key": "rights.leave_extra_days", "region": beijing, "value": 70, "valid_from": "2026-03-01"}
    LegalParameter.objects.create(source="示例条例", **later)
    assert answer(BEIJING, date(2026, 2, 28)).province.days == 158
    assert answer(BEIJING, date(2026, 3, 1)).province.days == 168


def test_a_province_has_one_number_for_each_key_and_day(law):
    for _national, province in (leave_numbers(on=SATURDAY, region=row) for row in Region.objects.filter(level=1)):
        assert not {"leave_days", "leave_extra_days"} <= province.keys()


@pytest.mark.parametrize("value", [-1, 1001, "98.5"])
def test_a_number_that_cannot_be_is_refused(law, value):
    LegalParameter.objects.filter(key="rights.leave_days", region=None).update(value=value)
    with pytest.raises(DomainError) as refusal:
        answer(BEIJING)
    assert refusal.value.code == "no-law"


@pytest.mark.parametrize("key", ["leave_days", "late_pregnancy_weeks", "nursing_months"])
def test_without_a_number_of_the_nation_there_is_no_answer(law, key):
    LegalParameter.objects.filter(key=f"rights.{key}", region=None).delete()
    with pytest.raises(DomainError) as refusal:
        answer(BEIJING)
    assert refusal.value.code == "no-law"


def test_numbers_of_other_subjects_are_none_of_the_calculators(law):
    row = {"key": "rights.other", "value": "99999", "valid_from": "2020-01-01", "source": "示例"}
    LegalParameter.objects.create(**row)
    assert "other" not in leave_numbers(on=SATURDAY, region=None)[0]


# Days beyond what is known.


def test_a_day_back_beyond_the_calendar_is_provisional(law):
    calendar = working_calendar()
    last_known = max(calendar.years)
    inside = answer(BEIJING, date(last_known, 3, 2)).national
    beyond = answer(BEIJING, date(last_known, 11, 2)).national
    assert (inside.back_provisional, beyond.back_provisional) == (False, True)
    # The last day of calendar days depends on no list of holidays.
    assert not beyond.last_provisional


def test_a_leave_that_passes_over_unknown_holidays_is_provisional(law):
    year = max(statutory_holidays().years)
    assert not answer(SHANGHAI, date(year, 3, 1)).province.last_provisional
    late = answer(SHANGHAI, date(year, 11, 1))
    assert (late.province.last_provisional, late.national.last_provisional) == (True, False)


def test_the_statutory_holidays_are_as_many_as_the_rule_says():
    """State Council order 795: 13 days from 2025 on, 11 before; Mid-Autumn 2028 falls on a day of the National Day."""
    days = statutory_holidays().days
    counted = {year: sum(day.year == year for day in days) for year in statutory_holidays().years}
    assert counted == {2024: 11, 2025: 13, 2026: 13, 2027: 13, 2028: 12}


def test_a_statutory_holiday_is_no_working_day(law):
    calendar = working_calendar()
    known = [day for day in statutory_holidays().days if day.year in calendar.years]
    assert len(known) > 30
    assert [day for day in known if calendar.is_working(day)] == []


# Nursing time, late pregnancy, protection.


@pytest.mark.parametrize(
    ("born", "babies", "minutes", "formula", "until"),
    [
        ("2026-01-25", 1, 60, "60", "2027-01-24"),
        ("2026-01-25", 2, 120, "60 + 60 × (2 − 1) = 120", "2027-01-24"),
        ("2024-02-29", 3, 180, "60 + 60 × (3 − 1) = 180", "2025-02-27"),
    ],
)
def test_nursing_time_ends_the_day_before_the_first_birthday(born, babies, minutes, formula, until):
    found = nursing_time(NATION, date.fromisoformat(born), babies)
    assert (found.minutes, found.formula, found.until) == (minutes, formula, date.fromisoformat(until))


@pytest.mark.parametrize(("last_period", "day"), [("2026-01-05", "2026-07-20"), ("2025-12-01", "2026-06-15")])
def test_seven_months_are_28_weeks(last_period, day):
    assert late_pregnancy_from(NATION, date.fromisoformat(last_period)) == date.fromisoformat(day)


def test_in_guangdong_the_employer_pays_the_extra_days(law):
    assert answer(GUANGDONG).province.allowance_days == 98
    assert answer(HEILONGJIANG).province.allowance_days is None


def test_after_a_miscarriage_nothing_is_said_of_nursing(law):
    day = date(2026, 2, 1)
    found = answer(HEILONGJIANG, kind=MISCARRIAGE, months=3, born=day, last_period=date(2025, 12, 1))
    assert (found.nursing, found.late_from) == (None, None)


# The page.

PAGE = "/rights/leave/"
TYPED = {
    "kind": "birth",
    "first_day": "2026-01-10",
    "region": HEILONGJIANG,
    "child": "1",
    "babies": "1",
    "months": "",
    "born": "",
    "last_period": "",
}


def shown(client, language="en", **changes):
    """Send the form and return the response and the words of its page."""
    client.cookies["django_language"] = language
    response = client.post(PAGE, {**TYPED, **changes})
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return response, re.sub(r"\s+", " ", words)


def test_a_visitor_reads_both_leaves_side_by_side(law):
    response, words = shown(Client(), babies="2", born="2026-01-25", last_period="2025-04-20", first_day="2026-01-10")
    assert response.status_code == 200
    for expected in (
        "98 + 15 × (2 − 1) = 113",
        "180 + 15 × (2 − 1) = 195",
        "2026-05-02 Saturday",
        "2026-05-06 Wednesday",
        "2026-07-23 Thursday",
        "黑龙江省人口与计划生育条例",
        "国务院令第619号",
        "to be confirmed",
        "verified",
        "120 minutes",
        "2027-01-24",
        "2025-11-02",
        "disputed",
    ):
        assert expected in words, expected


def test_a_leave_of_years_ago_has_its_national_days(law):
    response, _words = shown(Client(), first_day="2022-08-15")
    assert response.context["answer"].national.last == date(2022, 11, 20)
    assert response.context["answer"].province is None


def test_an_unknown_province_is_said_to_be_not_known(law):
    response, words = shown(Client(), region=HENAN)
    assert response.status_code == 200
    assert "Not known" in words
    assert "No number of 河南省 for this case on 2026-01-10" in words


def test_the_page_speaks_both_languages(law):
    with translation.override("zh-hans"):
        title = translation.gettext("Maternity leave calculator")
    assert title in shown(Client(), "zh-hans")[1]
    assert "Maternity leave calculator" in shown(Client())[1]


def test_nothing_typed_is_stored_or_in_an_address(law, caplog):
    client = Client()
    response, _words = shown(client, last_period="2025-04-20", born="2026-01-25")
    assert (response.status_code, response.get("Location")) == (200, None)
    assert "no-store" in response["Cache-Control"]
    assert not Session.objects.exists()
    assert "sessionid" not in client.cookies
    # Neither a cookie nor a line of the log holds a day that was typed.
    kept = [morsel.value for morsel in client.cookies.values()] + [str(record.__dict__) for record in caplog.records]
    assert not [text for text in kept if re.search(r"2025-04-20|2026-01-25|2026-01-10", text)]
    assert 'method="post"' in response.content.decode()


def test_parameters_of_the_address_are_not_read(law):
    response = Client().get(PAGE, TYPED)
    assert "answer" not in response.context


def test_the_session_of_a_member_holds_nothing_of_it(law, client):
    sign_in(client, make_member(make_unit()))
    client.get(PAGE)
    shown(client, last_period="2025-04-20")
    assert "2025-04-20" not in str(dict(client.session))


def test_a_form_from_elsewhere_is_refused(law):
    assert Client(enforce_csrf_checks=True).post(PAGE, TYPED).status_code == 403


def test_the_form_is_sent_without_a_script(law):
    client = Client(enforce_csrf_checks=True)
    page = client.get(PAGE).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert client.post(PAGE, {**TYPED, "csrfmiddlewaretoken": token}).status_code == 200


def test_the_province_of_the_portal_is_chosen_first(law):
    root = make_province()
    type(root).objects.filter(pk=root.pk).update(region=HEILONGJIANG)
    page = Client().get(PAGE)
    assert page.context["form"]["region"].value() == HEILONGJIANG


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"babies": "0"}, "babies"),
        ({"babies": "99"}, "babies"),
        ({"babies": "-1"}, "babies"),
        ({"babies": "9" * 5000}, "babies"),
        ({"babies": ""}, "babies"),
        ({"child": "4"}, "child"),
        ({"kind": "x"}, "kind"),
        ({"region": "990000"}, "region"),
        ({"region": "230100"}, "region"),
        ({"region": "x" * 300}, "region"),
        ({"first_day": ""}, "first_day"),
        ({"first_day": "0001-01-01"}, "first_day"),
        ({"first_day": "2014-12-31"}, "first_day"),
        ({"first_day": "9999-12-31"}, "first_day"),
        ({"first_day": "2026-02-30"}, "first_day"),
        ({"first_day": "x"}, "first_day"),
        ({"kind": "miscarriage"}, "months"),
        ({"kind": "miscarriage", "months": "11"}, "months"),
        ({"kind": "miscarriage", "months": "-1"}, "months"),
        ({"born": "9999-12-31"}, "born"),
        ({"born": "2027-01-12"}, "born"),
        ({"last_period": "2026-01-10"}, "last_period"),
        ({"last_period": "2026-01-30", "born": "2026-01-25"}, "last_period"),
    ],
)
def test_what_cannot_be_is_refused_in_the_form(law, changes, field):
    response = Client().post(PAGE, {**TYPED, **changes})
    assert (response.status_code, "answer" in response.context) == (422, False)
    assert list(response.context["form"].errors) == [field]


def test_a_missing_law_is_told_in_the_form(law):
    LegalParameter.objects.all().delete()
    response = Client().post(PAGE, TYPED)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()


def test_the_page_can_be_left_at_once(law, settings):
    settings.LEAVE_PAGE_URL = "https://weather.example.org/"
    page = Client().get(PAGE).content.decode()
    assert 'href="https://weather.example.org/" rel="noreferrer nofollow" data-leave-page' in page
    assert "web/leave" in page


def test_visitors_and_members_find_it_from_their_first_page(law, client):
    assert reverse("rights:leave-show") in Client().get("/").content.decode()
    sign_in(client, make_member(make_unit()))
    assert reverse("rights:leave-show") in client.get("/").content.decode()


def test_the_page_asks_few_questions(law, django_assert_max_num_queries):
    client = Client()
    with django_assert_max_num_queries(8):
        client.post(PAGE, TYPED)
