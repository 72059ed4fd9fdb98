"""Receipt codes: sixteen digits, of which the last finds typing errors; only a keyed hash is stored.

The first fifteen digits are random, 49.8 bits. A check that finds every wrong digit leaves no more in sixteen digits,
because any two codes must then differ in two places.
"""

from __future__ import annotations

import secrets
import unicodedata

from stdnum import damm

from portal.core import crypto

DIGITS, GROUP = 16, 4
# Stands before the digits in the calculation only, so that sixteen zeros are no code.
START = "1"
PURPOSE = "receipts.code"
# The longest input that is looked at.
LONGEST = 200


def code_new() -> str:
    """Return a new code in groups, such as ``4821-7730-1956-0442``."""
    digits = f"{secrets.randbelow(10 ** (DIGITS - 1)):0{DIGITS - 1}d}"
    return code_grouped(digits + damm.calc_check_digit(START + digits))


def code_grouped(digits: str) -> str:
    """Return the digits in groups of four, joined by dashes."""
    return "-".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def code_clean(text: str) -> str:
    """Return the sixteen digits of a code as somebody typed or pasted it, or "" if it is no code.

    Blanks, dashes, line ends and words around the digits are left out; full-width digits count as plain ones. Any one
    wrong digit and any two neighbours in the wrong order are found (the check of H. M. Damm).
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    digits = "".join(char for char in plain if char.isascii() and char.isdecimal())
    return digits if len(digits) == DIGITS and damm.is_valid(START + digits) else ""


def code_hash(code: str) -> str:
    """Return the keyed hash (64 hex digits) under which a request is found; ValueError if ``code`` is no code."""
    digits = code_clean(code)
    if not digits:
        raise ValueError("no receipt code")
    return crypto.blind_index(PURPOSE, digits)
