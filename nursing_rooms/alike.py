"""Whether two texts name the same place: width, brackets, blanks and ways to write a floor do not count."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")}
_FLOOR = re.compile(r"(地下|负|b|-)?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:层|楼|f)")
_IGNORED = re.compile(r"[\W_]+")


def alike(*texts: str) -> str:
    """Return what the texts have in common with other ways to write the same: 69号（三楼） -> 69号3层."""
    text = unicodedata.normalize("NFKC", "".join(texts)).casefold()
    return _IGNORED.sub("", _FLOOR.sub(_floor, re.sub(r"\s+", "", text)))


def _floor(found: re.Match[str]) -> str:
    number = found[2] if found[2].isdecimal() else str(_number(found[2]))
    return f"{'地下' if found[1] else ''}{int(number)}层"


def _number(text: str) -> int:
    """Return the number of Chinese digits up to ninety-nine: 十二 -> 12."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[digit]) for digit in text))
    return (_DIGITS.get(tens[-1:], 1) * 10) + (_DIGITS.get(ones[:1], 0))
