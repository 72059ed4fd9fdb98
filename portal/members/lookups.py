"""Search terms, kept in the session under a key that the URL holds.

Sessions are encrypted as a whole (``portal.core.sessions``), so a number in one is never stored in clear.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

SESSION_KEY = "find"
# The number of searches that one session keeps.
MOST = 10


def term_keep(session: SessionBase, term: str, mark: str = "") -> str:
    """Keep a search term; return the key under which ``term_kept`` finds it."""
    mark = mark or secrets.token_urlsafe(6)
    others = {name: kept for name, kept in session.get(SESSION_KEY, {}).items() if name != mark}
    session[SESSION_KEY] = {**dict(list(others.items())[-MOST + 1 :]), mark: term}
    return mark


def term_kept(session: SessionBase, mark: str) -> str:
    """Return the search term of a key, or "" where there is none."""
    kept: dict[str, str] = session.get(SESSION_KEY, {})
    return kept.get(mark, "")
