"""Rules for what an actor may do to a notice, beyond seeing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from portal.core.second_person import may_decide
from portal.notices.choices import EDITABLE, NoticeState

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.notices.models import Notice


def _may(actor: Member, notice: Notice, capability: Capability) -> bool:
    return actor.can(Area.NOTICES, capability, notice.organization.path)


def can_edit_notice(actor: Member, notice: Notice) -> bool:
    """The actor may edit notices at the organisation that issues this one, or above it."""
    return _may(actor, notice, Capability.EDIT)


def can_change_notice(actor: Member, notice: Notice) -> bool:
    """The actor may edit the notice, and it is still a draft or was returned."""
    return can_edit_notice(actor, notice) and notice.state in EDITABLE


def can_approve_notice(actor: Member, notice: Notice) -> bool:
    """The actor is independent of the author and may approve notices at the organisation or above it."""
    return may_decide(actor, notice, Area.NOTICES, Capability.APPROVE)


def can_withdraw_notice(actor: Member, notice: Notice) -> bool:
    """The actor may edit the notice, or may approve notices here or above and it is published."""
    return can_edit_notice(actor, notice) or (
        notice.state == NoticeState.PUBLISHED and _may(actor, notice, Capability.APPROVE)
    )
