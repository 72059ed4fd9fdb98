"""Receipt codes: what is typed or pasted is understood, and a typing error is found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import crypto
from portal.receipts.codes import PURPOSE, code_clean, code_grouped, code_hash, code_new

CODE = "4821-7730-1956-0442"
DIGITS = CODE.replace("-", "")
codes = st.builds(lambda _number: code_new(), st.integers())


def test_a_new_code_is_sixteen_digits_in_groups():
    made = {code_new() for _number in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{4}", code) and code_clean(code) for code in made)
    assert {code[0] for code in made} == set("0123456789")


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        DIGITS,
        "4821 7730 1956 0442",
        " 4821-7730-1956-0442\r\n",
        "４８２１－７７３０－１９５６－０４４２",
        "4821—7730–1956−0442",
        "4821　7730　1956　0442",
        "4821ー7730ー1956ー0442",
        "4821\u200b7730\ufeff1956\t0442",
        "查询码：4821-7730-1956-0442。",
    ],
)
def test_a_code_is_understood_as_people_type_it(typed):
    assert code_clean(typed) == DIGITS
    assert code_hash(typed) == code_hash(CODE)


@pytest.mark.parametrize("typed", ["", "4821", DIGITS + "0", "0" * 16, "٤" * 16, "482l773019560442", "x" * 5000])
def test_anything_else_is_no_code(typed):
    assert code_clean(typed) == ""
    with pytest.raises(ValueError, match="no receipt code"):
        code_hash(typed)


@given(codes, st.integers(0, 15), st.integers(1, 9))
def test_a_wrong_digit_is_found(code, place, more):
    digits = code_clean(code)
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert code_clean(wrong) == ""


@given(codes, st.integers(0, 14))
def test_neighbours_in_the_wrong_order_are_found(code, place):
    digits = code_clean(code)
    first, second = digits[place], digits[place + 1]
    swapped = digits[:place] + second + first + digits[place + 2 :]
    assert bool(code_clean(swapped)) == (first == second)


@given(codes)
def test_grouping_and_cleaning_are_inverse(code):
    assert code_grouped(code_clean(code)) == code


@given(st.text())
def test_any_text_is_judged_without_an_error(text):
    assert code_clean(text) == "" or len(code_clean(text)) == 16


def test_the_hash_has_a_key_and_a_purpose_of_its_own(settings):
    before = code_hash(CODE)
    assert before == crypto.blind_index(PURPOSE, DIGITS)
    assert before != crypto.blind_index("members.phone", DIGITS)
    settings.INDEX_KEY = "ab" * 32
    assert code_hash(CODE) != before
