"""Text messages: a template for each kind, with short named parameters.

Providers in mainland China send only signed templates that they have approved. They fill a template with short
parameters and refuse links, telephone numbers and long words in them. Apps declare their templates in ``sms.py`` as
TEMPLATES.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import dateformat, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.core.discovery import declared
from portal.core.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from portal.messaging.models import Message

# A provider's limit for a message in one part: 70 characters with the signature, which has at most 14 with its
# brackets.
PART_CHARACTERS = 70
SIGNATURE_CHARACTERS = 14
LINK_SUFFIX = ".link"


class Shape(StrEnum):
    """What a parameter may hold.

    The lengths fit the strictest rule of the large providers, except for names and links.
    """

    CODE = "code"  # letters and digits
    COUNT = "count"
    DAY = "day"  # 11月29日
    CLOCK = "clock"  # 14:00
    NAME = "name"  # a title or a unit, as typed
    LINK = "link"


LIMITS = {Shape.CODE: 6, Shape.COUNT: 6, Shape.DAY: 6, Shape.CLOCK: 5, Shape.NAME: 20, Shape.LINK: 200}
_CODE = re.compile(r"[0-9A-Za-z]{4,6}")
# A domain, an address or a scheme; a dot may be written as 。 or ．, which NFKC converts only in part.
_LINK = re.compile(r"://|www\W|[a-z0-9-]+\s*[.。]\s*[a-z]{2,}|\d+[.。]\d+[.。]\d+[.。]\d+|\S@\S", re.IGNORECASE)
# Five digits in a row are a code or an account; nine digits with marks between them are a telephone number.
_NUMBER = re.compile(r"\d{5,}|\d(?:[^\w]*\d){8,}")
_FILLED = re.compile(r"[{}$%【】\[\]<>]")
# Kept in a name: letters of any script, digits, spaces and these marks.
_MARKS = frozenset(" -·()、,:,:“”()")


@dataclass(frozen=True)
class Parameter:
    """A named parameter of a template.

    It has a shape, the key of the context it comes from, and a replacement for a name that may not be sent.
    """

    name: str
    shape: Shape
    source: str = ""
    instead: str | Promise = ""

    @property
    def limit(self) -> int:
        return LIMITS[self.shape]

    def value(self, context: Mapping[str, object]) -> str:
        """Return the value in the form that the provider may send.

        Raises LookupError or ValueError; the error text does not contain the value.
        """
        value = context[self.source or self.name]
        if self.shape == Shape.NAME:
            return name_for_sms(str(value)) or str(self.instead)
        return _SHAPED[self.shape](value)


# (key, text, parameters) of a form that a provider approves.
Form = tuple[str, str | Promise, tuple[Parameter, ...]]


@dataclass(frozen=True)
class SmsTemplate:
    """The text of a kind of text message, with a placeholder ``%(name)s`` for each parameter.

    ``linked`` is the text that is used if the provider allows links (SMS_LINKS); it has the parameters
    ``linked_parameters`` and its own template at the provider, ``<key>.link``.
    """

    key: str
    text: str | Promise
    parameters: tuple[Parameter, ...] = ()
    linked: str | Promise = ""
    linked_parameters: tuple[Parameter, ...] = ()
    # Returns what the context of a Message does not hold: a link or a code made when the message is sent.
    more: Callable[[Message], Mapping[str, object]] | None = None

    def versions(self) -> list[Form]:
        """Return (key, text, parameters) of each form that a provider has to approve."""
        forms = [(self.key, self.text, self.parameters)]
        if self.linked:
            forms.append((self.key + LINK_SUFFIX, self.linked, self.linked_parameters))
        return forms

    def version(self) -> Form:
        """Return the form that is sent under the current settings."""
        return self.versions()[-1 if settings.SMS_LINKS else 0]


@dataclass(frozen=True)
class Sms:
    """One message to be sent: the key of the provider's template, its values in order, and the text."""

    key: str
    values: Mapping[str, str]
    text: str


def sms_templates() -> dict[str, SmsTemplate]:
    """Return the declared templates by key."""
    return {template.key: template for module in declared("sms") for template in module.TEMPLATES}


def sms_compose(key: str, context: Mapping[str, object]) -> Sms:
    """Return the message of the template ``key`` in the active language.

    Raises LookupError if no such template is declared.
    """
    key, text, parameters = sms_templates()[key].version()
    values = {parameter.name: parameter.value(context) for parameter in parameters}
    return Sms(key=key, values=values, text=str(text) % values if values else str(text))


def provider_text(text: str | Promise, parameters: tuple[Parameter, ...], place: Callable[[int, str], str]) -> str:
    """Return a text with ``place(number, name)`` for each parameter, as it is submitted for approval."""
    places = {parameter.name: place(number, parameter.name) for number, parameter in enumerate(parameters, 1)}
    return str(text) % places if places else str(text)


def name_for_sms(text: str) -> str:
    """Return a title or a unit's name as a parameter, or '' if it holds a link, number or placeholder.

    A person typed the name, and it is sent under the union's signature: a number to call, an address to open or a code
    would be read as the union's own.
    """
    text = clean_line(text)
    if _LINK.search(text) or _NUMBER.search(text) or _FILLED.search(text):
        return ""
    kept = "".join(mark for mark in text if mark in _MARKS or unicodedata.category(mark)[0] in "LN")
    kept = " ".join(kept.split())
    limit = LIMITS[Shape.NAME]
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def _moment(value: object) -> date:
    if isinstance(value, str):
        value = parse_date(value) or parse_datetime(value)
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    raise ValueError("no day")


def _day(value: object) -> str:
    # Translators: the format of a day in a text message, at most six characters: n月j日 in Chinese.
    return dateformat.format(_moment(value), _("j M"))


def _clock(value: object) -> str:
    moment = _moment(value)
    if not isinstance(moment, datetime):
        raise ValueError("no time")
    return f"{moment:%H:%M}"


def _code(value: object) -> str:
    if not _CODE.fullmatch(str(value)):
        raise ValueError("no code")
    return str(value)


def _count(value: Any) -> str:
    return str(min(int(value), 10 ** LIMITS[Shape.COUNT] - 1))


def _link(value: object) -> str:
    value = str(value)
    if not value.startswith(settings.SITE_URL.rstrip("/") + "/") or len(value) > LIMITS[Shape.LINK]:
        raise ValueError("no link of this portal")
    return value


_SHAPED: dict[Shape, Callable[[Any], str]] = {
    Shape.CODE: _code,
    Shape.COUNT: _count,
    Shape.DAY: _day,
    Shape.CLOCK: _clock,
    Shape.LINK: _link,
}
