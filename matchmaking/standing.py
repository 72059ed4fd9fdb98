"""What of matchmaking follows when a person's entry on the roster changes: sign-ups end where standing has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchmaking.services.standing import signups_end

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models import Member


def people_changed(*, members: Collection[Member]) -> None:
    """End open sign-ups of those of ``members`` who may no longer take part in what is for singles."""
    signups_end(members=members)
