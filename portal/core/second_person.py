"""Decisions by a second person: who proposed a row, and that nobody decides alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from portal.core.choices import Area, Capability
    from portal.members.models import Member


def proposers(row: Any) -> set[int]:
    """Return the pks of those who wrote or submitted ``row``; they may not decide it."""
    return {pk for pk in (row.created_by_id, row.submitted_by_id) if pk is not None}


def not_the_proposer(actor: Member, row: Any) -> bool:
    """The actor is independent of those who wrote or submitted the row; fits ``Step(allowed=...)``.

    The actor is another person, and no proposer opened the actor's account or appointed the actor a short time ago.
    """
    return bool(actor.may_second(proposers(row)))


def may_decide(actor: Member, row: Any, area: Area, capability: Capability) -> bool:
    """The actor, independent of the proposer, has ``capability`` at the row's organisation or above it."""
    return actor.can(area, capability, row.organization.path) and not_the_proposer(actor, row)
