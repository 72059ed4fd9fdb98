"""Terms that were looked up: kept in the session under a mark that the address holds.

Sessions are encrypted as a whole (``portal.core.sessions``), so a number in one stands nowhere in clear.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

SESSION_KEY = "find"
# Look-ups of one session that can be gone back to.
MOST = 10


def term_keep(session: SessionBase, term: str, mark: str = "") -> str:
    """Keep a term; return the mark under which ``term_kept`` finds it."""
    mark = mark or secrets.token_urlsafe(6)
    others = {name: kept for name, kept in session.get(SESSION_KEY, {}).items() if name != mark}
    session[SESSION_KEY] = {**dict(list(others.items())[-MOST + 1 :]), mark: term}
    return mark


def term_kept(session: SessionBase, mark: str) -> str:
    """Return the term of a mark, "" where there is none."""
    kept: dict[str, str] = session.get(SESSION_KEY, {})
    return kept.get(mark, "")
