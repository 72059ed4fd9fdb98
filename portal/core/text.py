"""Text as people write it: full-width forms, stray blanks, masking, pinyin."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from pypinyin import Style, lazy_pinyin

if TYPE_CHECKING:
    from collections.abc import Iterable

_BLANKS = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def clean_line(text: str) -> str:
    """Return ``text`` on one line in NFKC, without control characters and with single blanks.

    NFKC turns full-width digits into plain ones.
    """
    text = unicodedata.normalize("NFKC", _CONTROLS.sub("", text))
    return _BLANKS.sub(" ", text).strip()


def clean_prose(text: str) -> str:
    """Return ``text`` on one line as it was written, full-width marks included, without control characters."""
    return _BLANKS.sub(" ", _CONTROLS.sub("", unicodedata.normalize("NFC", text))).strip()


def clean_code(text: str) -> str:
    """Return an identifier without any blank, in NFKC and upper case."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", _CONTROLS.sub("", text))).upper()


def whole_number(text: str | None, largest: int = 2**63 - 1) -> int | None:
    """Return the number in plain digits, or None for anything else or anything larger than ``largest``."""
    if not text or len(text) > 19 or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= largest else None


def pinyin_key(text: str) -> str:
    """Return the pinyin that a list sorts by, at most 100 characters: 哈尔滨 -> ``ha er bin``."""
    return " ".join(lazy_pinyin(text, style=Style.NORMAL, errors="default")).lower()[:100]


def mask_name(name: str) -> str:
    """Mask a name: 王小明 -> 王**.

    The family name stays, with one star for each further character, at most two.
    """
    return name[:1] + "*" * min(max(len(name) - 1, 1), 2) if name else ""


def mask_phone(phone: str | None) -> str:
    """Mask a phone number: 13812345678 -> 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if phone and len(phone) >= 8 else ("*" * len(phone or ""))


def mask_identity(number: str | None) -> str:
    """Mask an identity number: 110101199003071234 -> 110***************.

    Anything shorter than eight characters becomes all stars. If the last digits stayed, somebody who knows birth year
    and sex would have only a few dozen numbers to guess.
    """
    if not number:
        return ""
    return "*" * len(number) if len(number) < 8 else number[:3] + "*" * (len(number) - 3)


def mask_any(text: object) -> str:
    """Mask a value of unknown kind; if it is long enough, its first characters and the last one stay."""
    text = str(text)
    if len(text) <= 2:
        return "*" * len(text)
    keep = 1 if len(text) < 8 else 3
    return text[:keep] + "*" * min(len(text) - keep - 1, 11) + text[-1:]


def listed(values: Iterable[object]) -> str:
    """Return values joined as a list: 甲、乙 in Chinese, "a, b" in other languages."""
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(str(value) for value in values)
