"""Codes of certificates: which are refused, and how they may be typed."""

from itertools import combinations

import pytest

from portal.papers.codes import ALPHABET, LENGTH, Fault, code_clean, code_fault, code_make, code_shown


def test_codes_are_random_and_right():
    codes = {code_make() for _number in range(500)}
    assert len(codes) == 500
    assert {code_fault(code) for code in codes} == {None}
    assert {len(code) for code in codes} == {LENGTH}


def test_the_alphabet_has_nothing_that_looks_alike():
    assert not set("01ILOSZ") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 29


def test_every_wrong_character_and_every_swap_is_found():
    for _number in range(20):
        code = code_make()
        for place in range(LENGTH):
            wrong = [code[:place] + other + code[place + 1 :] for other in ALPHABET if other != code[place]]
            assert {code_fault(one) for one in wrong} == {Fault.MISTYPED}
        for one, two in combinations(range(LENGTH - 1), 2):
            if code[one] != code[two]:
                swapped = list(code)
                swapped[one], swapped[two] = swapped[two], swapped[one]
                assert code_fault("".join(swapped)) is Fault.MISTYPED


@pytest.mark.parametrize("cut", range(1, LENGTH))
def test_a_code_that_was_cut_off_is_too_short(cut):
    assert code_fault(code_make()[:-cut]) is Fault.SHORT


def test_other_faults():
    assert code_fault("") is Fault.EMPTY
    assert code_fault("2" * (LENGTH + 1)) is Fault.LONG
    assert code_fault("O" * LENGTH) is Fault.MISTYPED


def test_a_code_may_be_typed_in_many_ways():
    code = code_make()
    full = "".join(chr(ord(character) + 0xFEE0) for character in code)
    for typed in (code.lower(), code_shown(code), f" {code[:3]} {code[3:]}。", full, f"{code}/"):
        assert code_clean(typed) == code
