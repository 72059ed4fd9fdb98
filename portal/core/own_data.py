"""What a floor or room declares about a person's own data, in a module of this name: what it has, and who sees it.

``SOURCES`` are the sheets of her download, ``SEEN`` the fields that duties open to others, and ``assigned(member)``
returns who else sees something of her: people who reach one thing and no subtree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability

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
    """Fields of hers that whoever holds ``capability`` in ``area`` sees at the places ``where(member)`` returns.

    ``where`` returns (path, words) pairs: the organisation the rows stand at, and what they are about ('' for none).
    ``condition`` says what else is needed, such as a reason that is written down. ``place_only`` leaves out who holds
    her duty above the place.
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
    """People who see something of hers without a duty: ``who`` they are, what it is ``about``, which ``fields``."""

    who: str | Promise
    about: str | Promise
    fields: tuple[str | Promise, ...]


SOURCES: tuple[Source, ...] = ()
SEEN: tuple[Seen, ...] = ()


def assigned(member: Member) -> list[Assigned]:
    """The floor without a domain shows nobody to anybody."""
    return []
