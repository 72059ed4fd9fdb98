"""Where a second person decides: who proposed a row, and that nobody decides on her own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from portal.core.choices import Area, Capability
    from portal.members.models import Member


def proposers(row: Any) -> set[int]:
    """Return the pks of those who wrote or submitted ``row``; they are out when it is decided."""
    return {pk for pk in (row.created_by_id, row.submitted_by_id) if pk is not None}


def not_the_proposer(actor: Member, row: Any) -> bool:
    """The second person is independent of who wrote or submitted the row; fits ``Step(allowed=...)``.

    Another person, and nobody whose account a proposer opened, or whom a proposer appointed, a short time ago.
    """
    return bool(actor.may_second(proposers(row)))


def may_decide(actor: Member, row: Any, area: Area, capability: Capability) -> bool:
    """Say whether ``actor``, independent of the proposer, has ``capability`` at the row's organisation or above."""
    return actor.can(area, capability, row.organization.path) and not_the_proposer(actor, row)
