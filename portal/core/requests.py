"""The number of a request: made on arrival, written in every log line, passed to workers with the job."""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPE = re.compile(r"[0-9A-Za-z-]{8,64}")

_current = ContextVar("portal_request_id", default="")


def request_id() -> str:
    """Return the number of the current request or task; '' outside of one."""
    return _current.get()


def clean_id(text: str | None) -> str:
    """Return ``text`` if it has the format of a number from our own proxy, else a new number."""
    return text if text and SHAPE.fullmatch(text) else secrets.token_hex(8)


def number_here(text: str) -> None:
    """Set the number from here on; for code that has no block to run in."""
    _current.set(text)


@contextmanager
def numbered(text: str) -> Iterator[str]:
    """Run the block under the number ``text``."""
    token = _current.set(text)
    try:
        yield text
    finally:
        _current.reset(token)
