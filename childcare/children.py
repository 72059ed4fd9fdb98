"""What happens in childcare when a guardian changes a child or removes it from the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from childcare.services.enrolments import check_child_change, enrolments_end

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models import Child, Member


def change(*, child: Child, fields: Collection[str]) -> None:
    """Refuse changes of ``fields`` on which an enrolment of the child depends."""
    check_child_change(child=child, fields=fields)


def leave(*, child: Child, actor: Member) -> None:
    """Withdraw the child from its classes; the places go to the next children."""
    enrolments_end(child=child, actor=actor)
