"""What must follow at once when a changed roster entry ends a member's right to take part.

Areas declare it in ``standing.py``: ``people_changed(*, members)`` is called in the transaction of the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.discovery import declared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.members.models import Member


def people_changed(*, members: Sequence[Member]) -> None:
    """Let every area end what ``members`` may no longer take part in, in the caller's transaction."""
    for module in declared("standing"):
        module.people_changed(members=members)
