"""What kinds of numbers, letters and certificates are made of; areas declare theirs in ``papers.py``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from portal.core.discovery import declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise
    from docx.document import Document

    from portal.members.models import Member


# The values that every letter has: organisation, name and title of the person who signs, and the date.
STANDARD = ("organization", "signer", "signer_title", "date")


@dataclass(frozen=True)
class Kind:
    """A kind of number, with one series for each organisation and year.

    ``code`` is ``<app>.<name>``. ``word`` is the end of the agency word, which stands for the kind of paper, such as
    监提: at most six Chinese characters, and no two kinds have the same.
    """

    code: str
    name: StrOrPromise
    word: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[一-鿿]{1,6}", self.word):
            raise ValueError(f"{self.code} needs a word of one to six Chinese characters")


@dataclass(frozen=True)
class CertificateKind(Kind):
    """A kind of certificate or plate about rows of ``model``, with numbers of its own.

    ``title(row)`` is printed on it. ``visible_to(member)`` returns the rows that a member may see: for these the check
    page links to the row, and the row's certificates are visible. ``organization`` is the path of names from the row to
    the organisation that issues. ``landing(row, request)`` returns the address to which the check page of a valid
    certificate leads on, or "", and ``landing_label`` the words of that link. ``direct``: the check page of a valid one
    is left at once for that address, which then says that the certificate is valid.
    """

    model: type[Model]
    title: Callable[[Any], str]
    visible_to: Callable[[Member], QuerySet[Any]]
    organization: str = "organization"
    landing: Callable[[Any, HttpRequest], str] | None = None
    landing_label: StrOrPromise = ""
    direct: bool = False


@dataclass(frozen=True)
class LetterKind:
    """A kind of official letter.

    ``build()`` returns the built-in template as a python-docx document with Jinja tags (``formats.letter_document``).
    ``samples`` has an example of each value that the letter takes: text, numbers, and lists and dicts of them. An
    uploaded template is checked with them, and may use no other names but STANDARD.
    """

    code: str
    name: StrOrPromise
    build: Callable[[], Document]
    samples: Mapping[str, object]

    def __post_init__(self) -> None:
        if set(STANDARD) & set(self.samples):
            raise ValueError(f"{self.code} gives a value to one of the names {STANDARD}")


def number_kinds() -> dict[str, Kind]:
    """Return the kinds of numbers of all areas in service by code; those of certificates are among them."""
    found: list[Kind] = [*_listed("KINDS"), *certificate_kinds().values()]
    kinds = {kind.code: kind for kind in found}
    if len({kind.word for kind in kinds.values()}) < len(found):
        raise ImproperlyConfigured("Two kinds of numbers have the same code or the same word.")
    return kinds


def certificate_kinds() -> dict[str, CertificateKind]:
    """Return the kinds of certificates of all areas in service by code."""
    return {kind.code: kind for kind in _listed("CERTIFICATES")}


def letter_kinds() -> dict[str, LetterKind]:
    """Return the kinds of letters of all areas in service by code."""
    return {kind.code: kind for kind in _listed("LETTERS")}


def _listed(name: str) -> Iterable[Any]:
    return [kind for module in declared("papers") for kind in getattr(module, name, ())]
