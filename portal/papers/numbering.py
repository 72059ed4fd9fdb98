"""The written form of document numbers, as GB/T 9704-2012 has it: 黑工监提〔2026〕1号."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError

WORD_LENGTH = 20
# An agency word in Chinese characters, the full year in 〔〕 (U+3014, U+3015), and the serial without 第 or zeros.
WORD = rf"[一-鿿]{{2,{WORD_LENGTH}}}"
_NUMBER = re.compile(rf"({WORD})〔([1-9][0-9]{{3}})〕([1-9][0-9]{{0,8}})号")
_OTHER = re.compile(r"[^一-鿿]")
_DIGITS = "零一二三四五六七八九"
_ENDINGS = ("总工会", "工会联合会", "联合工会", "工会委员会", "工会")

WRONG_NUMBER = _(
    "A document number looks like 黑工监提〔2026〕1号: agency word, full year in 〔〕, number without zeros, 号."
)


class Number(NamedTuple):
    """The parts of a document number."""

    word: str
    year: int
    serial: int


def number_read(text: str) -> Number:
    """Return the parts of a written number; DomainError for any other form, such as [2026], 〔26〕, 第1号 or 01号."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise DomainError(WRONG_NUMBER, code="number")
    return Number(found[1], int(found[2]), int(found[3]))


def number_write(word: str, year: int, serial: int) -> str:
    """Return the written number; DomainError if ``number_read`` could not read it."""
    text = f"{word}〔{year}〕{serial}号"
    number_read(text)
    return text


def agency_part(names: list[str], number: int | None = None) -> str:
    """Return the beginning of an agency word, made of the labels of organisations from above to below.

    示例甲市总工会 becomes 示例甲市工. Of each label the first six characters count; ``number`` is written in Chinese
    digits.
    """
    parts = []
    for name in names:
        part = _OTHER.sub("", name)
        ending = next((ending for ending in _ENDINGS if part.endswith(ending) and part != ending), "")
        parts.append(part.removesuffix(ending)[:6])
    digits = "" if number is None else "".join(_DIGITS[int(digit)] for digit in str(number))
    return "".join(parts) + digits + "工"
