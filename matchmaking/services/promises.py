"""Services keep the promises of ``matchmaking.promises``: one function per line, one call for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matchmaking.promises import Promise

About = TypeVar("About")
# By the code of the promise, the function that a service calls to keep it.
KEEPERS: dict[str, Callable[[Any], None]] = {}


def keeps(promise: Promise, acts: Mapping[str, Callable[[About], object]]) -> Callable[[About], None]:
    """Return the function that keeps ``promise``: it runs ``acts`` (by key) in the order of its lines.

    A line without a function, or a function without a line, is refused when the module is imported.
    """
    keys = [line.key for line in promise.lines]
    if set(acts) != set(keys):
        raise ValueError(f"{promise.code}: {sorted(set(acts) ^ set(keys))} have no sentence or nothing that keeps them")

    def keep(about: About) -> None:
        for key in keys:
            acts[key](about)

    KEEPERS[promise.code] = keep
    return keep


def by_silence(about: object) -> None:
    """Keep a line by omission: no message, and no entry that names somebody."""


def by_retention(about: object) -> None:
    """Keep a line later: ``retention.py`` deletes what is due."""


def by_search(about: object) -> None:
    """Keep a line by the search rule itself, which is checked on each search."""
