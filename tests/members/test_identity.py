"""Identity numbers, mobile numbers and ages, with the golden vectors."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.identity import age_on, read_identity, read_phone

TODAY = date(2026, 11, 23)
GOLDEN = ("11010519491231002X", "440524188001010014")


def refused(text, **options):
    with pytest.raises(DomainError) as refusal:
        read_identity(text, today=TODAY, **options)
    assert len(text) < 6 or text[6:] not in str(refusal.value)
    return refusal.value.code


def number_of(born, area="230102", serial="022"):
    head = f"{area}{born}{serial}"
    return head + ric.calc_check_digit(head + "0")


@pytest.mark.parametrize(
    ("text", "born", "sex"),
    [(GOLDEN[0], date(1949, 12, 31), Sex.FEMALE), (GOLDEN[1], date(1880, 1, 1), Sex.MALE)],
)
def test_the_golden_vectors_are_valid(text, born, sex):
    identity = read_identity(text, today=TODAY)
    assert (identity.number, identity.area, identity.birth_date, identity.sex) == (text, text[:6], born, sex)


@pytest.mark.parametrize("place", range(18))
@pytest.mark.parametrize("text", GOLDEN)
def test_any_one_digit_changed_is_refused(text, place):
    for other in "0123456789X":
        if other != text[place]:
            assert refused(text[:place] + other + text[place + 1 :]) in (
                "identity-shape",
                "identity-date",
                "identity-check",
            )


@pytest.mark.parametrize("area", ["230671", "100000", "830000", "422801", "000000"])
def test_an_unknown_area_passes(area):
    assert read_identity(number_of("19900307", area=area), today=TODAY).area == area


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ("20261124", "identity-date"),
        ("20990101", "identity-date"),
        ("18791231", "identity-date"),
        ("19900230", "identity-date"),
        ("19901301", "identity-date"),
        ("19900100", "identity-date"),
        ("19000229", "identity-date"),
        ("00000101", "identity-date"),
    ],
)
def test_dates_that_cannot_be_are_refused(born, code):
    assert refused(number_of(born)) == code


@pytest.mark.parametrize("born", ["20261123", "20000229", "18800101"])
def test_dates_at_the_edge_pass(born):
    assert f"{read_identity(number_of(born), today=TODAY).birth_date:%Y%m%d}" == born


@pytest.mark.parametrize(
    "text",
    ["", "1", "110105194912310", "11010519491231002XX", "A10105194912310021", "1101051949123100-X", "٣" * 18, "一" * 18,
     "11010519491231002Ⅹ" + "1"],
)  # fmt: skip
def test_other_shapes_are_refused(text):
    assert refused(text) == "identity-shape"


@pytest.mark.parametrize(
    "text",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002x ",
        "11010519491231002X\u200b",
        "110105\u300019491231002X",
    ],
)
def test_full_width_and_blanks_are_read_as_meant(text):
    assert read_identity(text, today=TODAY).number == GOLDEN[0]


def test_demo_people_pass_only_where_they_may():
    text = number_of("19900307", area="999999")
    assert refused(text) == "identity-demo"
    assert read_identity(text, today=TODAY, demo=True).area == "999999"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        read_identity(text, today=TODAY)
    except DomainError as refusal:
        assert refusal.code.startswith("identity-")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("19912345678", "19912345678"),
    ],
)
def test_phones(text, number):
    assert read_phone(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "1381234567", "138123456789", "12812345678", "8613812345678", "1381234567X", "0451-82345678", "１" * 300],
)
def test_phones_refused(text):
    with pytest.raises(DomainError) as refusal:
        read_phone(text)
    assert refusal.value.code == "phone"


def test_demo_phones_pass_only_where_they_may():
    assert read_phone("12000000001", demo=True) == "12000000001"
    with pytest.raises(DomainError):
        read_phone("12000000001")
    with pytest.raises(DomainError):
        read_phone("12100000001", demo=True)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2004-08-19", "2026-08-19", 22),
        ("2004-08-20", "2026-08-19", 21),
        ("2006-08-19", "2026-08-19", 20),
        ("2006-08-20", "2026-08-19", 19),
        ("2004-02-29", "2026-02-28", 21),
        ("2004-02-29", "2026-03-01", 22),
        ("2004-02-29", "2024-02-29", 20),
        ("2026-11-23", "2026-11-23", 0),
    ],
)
def test_age_on(born, day, age):
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 3000))
def test_age_never_falls_from_one_day_to_the_next(born, days):
    day = born + timedelta(days=days)
    assert 0 <= age_on(born, day + timedelta(days=1)) - age_on(born, day) <= 1
