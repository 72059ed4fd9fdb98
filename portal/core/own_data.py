"""What a package declares about a person's own data in its module of this name, and who sees it.

Every shared package and area may have such a module. ``SOURCES`` are the sheets of the person's download,
``SEEN`` the fields that duties open to others, and ``assigned(member)`` returns who else sees some of the
data: people who have access to a single thing and not to a subtree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from portal.core.choices import Area, Capability

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import Promise

    from portal.members.models import Member


@dataclass(frozen=True)
class Source:
    """One sheet of a person's download: ``rows(member)`` returns tuples as long as ``columns``."""

    code: str
    title: str | Promise
    columns: tuple[str | Promise, ...]
    rows: Callable[[Member], Iterable[Sequence[object]]]


@dataclass(frozen=True)
class Seen:
    """Fields of a person that holders of ``capability`` in ``area`` see where ``where(member)`` says.

    ``where`` returns (path, words) pairs: the organisation that the rows belong to, and what they are about ('' for
    nothing). ``condition`` says what else is needed, such as a recorded reason. ``place_only`` excludes people who hold
    their duty above that organisation.
    """

    code: str
    area: Area
    capability: Capability
    title: str | Promise
    fields: tuple[str | Promise, ...]
    where: Callable[[Member], Iterable[tuple[str, object]]]
    condition: str | Promise = ""
    place_only: bool = False


@dataclass(frozen=True)
class Assigned:
    """People who see some of a person's data without a duty.

    ``who`` says who they are, ``about`` what the data is about, and ``fields`` which fields they see.
    """

    who: str | Promise
    about: str | Promise
    fields: tuple[str | Promise, ...]


def kept(member: Member, key: str, ask: Callable[[], T]) -> T:
    """Return what ``ask()`` returns, asked once for this object of the member: one page shows it in several places."""
    known: dict[str, T] = vars(member).setdefault("_own_data", {})
    if key not in known:
        known[key] = ask()
    return known[key]


SOURCES: tuple[Source, ...] = ()
SEEN: tuple[Seen, ...] = ()


def assigned(member: Member) -> list[Assigned]:
    """Return an empty list: core itself shows nobody's data to anybody."""
    return []
