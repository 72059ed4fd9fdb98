"""Legal numbers by date and region."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.errors import DomainError
from portal.organizations.models import LegalParameter, Region
from portal.organizations.selectors import legal_number

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 19)


def make_region(code="230000"):
    return Region.objects.create(code=code, name="示例省", short_name="示例", level=1, valid_from="2000-01-01")


def make_number(value, valid_from, region=None, key="test.leave"):
    return LegalParameter.objects.create(key=key, region=region, value=value, valid_from=valid_from, source="示例法")


@pytest.mark.parametrize(
    ("day", "value"),
    [("2020-12-31", 98), ("2021-01-01", 158), ("2026-08-19", 158), ("2026-12-31", 158), ("2027-01-01", 188)],
)
def test_the_number_in_force_on_a_day(day, value):
    for number, since in ((98, "2012-04-28"), (158, "2021-01-01"), (188, "2027-01-01")):
        make_number(number, since)
    assert legal_number("test.leave", on=date.fromisoformat(day)) == Decimal(value)


def test_a_region_goes_before_the_nation_even_with_an_older_row():
    region, other = make_region(), make_region("230100")
    make_number(180, "2016-01-01", region)
    make_number(98, "2020-01-01")
    make_number(1, "2015-01-01", other)
    assert legal_number("test.leave", on=DAY, region=region) == 180
    assert legal_number("test.leave", on=DAY) == 98
    assert legal_number("test.leave", on=date(2015, 6, 1), region=other) == 1


@pytest.mark.parametrize("day", ["2012-04-27", "1900-01-01"])
def test_no_number_is_a_refusal_and_never_a_guess(day):
    make_number(98, "2012-04-28")
    make_number(5, "2000-01-01", key="test.other")
    with pytest.raises(DomainError) as refusal:
        legal_number("test.leave", on=date.fromisoformat(day))
    assert refusal.value.code == "no-law"


def test_the_numbers_that_ship_load_once_and_leave_edits_alone():
    call_command("load_legal_parameters", verbosity=0)
    assert legal_number("marriage_age_man", on=DAY) == 22
    assert legal_number("marriage_age_woman", on=DAY) == 20
    assert legal_number("matchmaking.ticket_working_days", on=DAY) == 5
    LegalParameter.objects.filter(key="marriage_age_man").update(value=23)
    before = list(LegalParameter.objects.order_by("pk").values())
    call_command("load_legal_parameters", verbosity=0)
    assert list(LegalParameter.objects.order_by("pk").values()) == before


def test_numbers_of_regions_that_are_not_there_are_left_out_and_said():
    errors = StringIO()
    call_command("load_legal_parameters", verbosity=0, stderr=errors)
    assert "left out" in errors.getvalue()
    assert not LegalParameter.objects.exclude(region=None).exists()
    call_command("load_regions", stdout=StringIO())
    call_command("load_legal_parameters", verbosity=0)
    assert LegalParameter.objects.filter(region="230000").exists()
