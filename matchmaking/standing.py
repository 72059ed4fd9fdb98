"""Effects of a changed roster entry on matchmaking: sign-ups end for people who may not take part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchmaking.services.standing import signups_end

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models import Member


def people_changed(*, members: Collection[Member]) -> None:
    """End open sign-ups of those ``members`` who may no longer take part in offers for singles."""
    signups_end(members=members)
