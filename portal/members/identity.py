"""Identity numbers (GB 11643-1999) and mobile numbers: what they contain and whether they are valid."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.text import clean_code

if TYPE_CHECKING:
    from portal.members.models import Member

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_DEMO_PHONE = re.compile(r"120[0-9]{8}")
DEMO_AREA = "999999"


@dataclass(frozen=True)
class Identity:
    """The parts of an identity number."""

    number: str
    area: str
    birth_date: datetime.date
    sex: str


def read_identity(text: str, *, today: datetime.date, demo: bool = False) -> Identity:
    """Return the Identity in ``text``; DomainError says what is wrong and what to do.

    The number has 18 characters, a birth date that exists and lies in the past, and the check digit of GB 11643-1999.
    Area 999999 is for demo people and is accepted only with ``demo``. The area code is not checked, because renamed
    counties stay on old cards.
    """
    number = clean_code(text)
    if len(number) != 18 or not _SHAPE.fullmatch(number):
        raise DomainError(_("An identity number has 17 digits and a last digit or X."), code="identity-shape")
    try:
        born = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise DomainError(
            _("The birth date in this identity number does not exist; compare it with the card."), code="identity-date"
        ) from None
    if born > today or born.year < 1880:
        raise DomainError(
            _("The birth date in this identity number is not plausible; compare it with the card."),
            code="identity-date",
        )
    if ric.calc_check_digit(number) != number[17]:
        raise DomainError(
            _("The last digit does not match the others: one digit is mistyped; compare it with the card."),
            code="identity-check",
        )
    if number.startswith(DEMO_AREA) and not demo:
        raise DomainError(_("Area code 999999 is for demo people only."), code="identity-demo")
    return Identity(number, number[:6], born, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def read_phone(text: str, *, demo: bool = False) -> str:
    """Return the eleven digits of a mainland mobile number; a leading +86 and blanks are removed."""
    number = clean_code(text).replace("-", "").removeprefix("+86").removeprefix("0086")
    if _PHONE.fullmatch(number) or (demo and _DEMO_PHONE.fullmatch(number)):
        return number
    raise DomainError(_("A mobile number has eleven digits and begins with 13 to 19."), code="phone")


def age_on(born: datetime.date, day: datetime.date) -> int:
    """Return the age in full years on ``day``; the birthday itself counts as reached."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birth_date_of(member: Member) -> datetime.date | None:
    """Return the birth date of the member, or None where it is not known."""
    return datetime.date.fromisoformat(member.birth_date) if member.birth_date else None
