"""The codes in the addresses of certificates: random characters and a check character."""

from __future__ import annotations

import secrets
import unicodedata
from enum import Enum

# Digits and letters that cannot be mistaken for one another: no 0 1 I L O S Z. Their number is a prime, so that the
# check character finds every wrong character and every swap of two.
ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXY"
LENGTH = 10


class Fault(Enum):
    """What is wrong with a code that was typed or scanned."""

    EMPTY = "empty"
    SHORT = "short"
    LONG = "long"
    MISTYPED = "mistyped"


def code_make() -> str:
    """Return a new random code: 29 ** 9 are possible, and the last character follows from the others."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH - 1))
    return body + _check(body)


def code_clean(text: str) -> str:
    """Return a code as it is stored: in capitals, full-width characters narrowed, without blanks, dashes and marks."""
    text = unicodedata.normalize("NFKC", text[:200]).upper()
    return "".join(character for character in text if character.isascii() and character.isalnum())


def code_fault(code: str) -> Fault | None:
    """Return what is wrong with a cleaned code, or None."""
    if not code:
        return Fault.EMPTY
    if len(code) != LENGTH:
        return Fault.SHORT if len(code) < LENGTH else Fault.LONG
    if not set(code) <= set(ALPHABET) or _check(code[:-1]) != code[-1]:
        return Fault.MISTYPED
    return None


def code_shown(code: str) -> str:
    """Return a code in two groups, as it is printed."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def _check(body: str) -> str:
    total = sum(place * ALPHABET.index(character) for place, character in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]
