"""What a floor or room declares about a person's own data, in a module of this name: what it has, and who sees it.

``SOURCES`` are the sheets of her download, ``SEEN`` the fields that duties open to others, and ``assigned(member)``
returns who else sees something of her: people who reach one thing and no subtree.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.choices import Area, Capability


@dataclass(frozen=True)
class Source:
    """One sheet of a person's download: ``rows(member)`` returns tuples as long as ``columns``."""

    code: str
    title: str
    columns: tuple
    rows: Callable


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
    title: str
    fields: tuple
    where: Callable
    condition: str = ""
    place_only: bool = False


@dataclass(frozen=True)
class Assigned:
    """People who see something of hers without a duty: ``who`` they are, what it is ``about``, which ``fields``."""

    who: str
    about: str
    fields: tuple


SOURCES = ()
SEEN = ()


def assigned(member):
    """The floor without a domain shows nobody to anybody."""
    return []
