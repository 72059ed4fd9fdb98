"""Who may do what to a notice, beyond seeing it."""

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
    """She edits notices at the organisation that issues it, or above."""
    return _may(actor, notice, Capability.EDIT)


def can_change_notice(actor: Member, notice: Notice) -> bool:
    """She edits it, and its text is still open."""
    return can_edit_notice(actor, notice) and notice.state in EDITABLE


def can_approve_notice(actor: Member, notice: Notice) -> bool:
    """She is another person than the author and holds approve here or above."""
    return may_decide(actor, notice, Area.NOTICES, Capability.APPROVE)


def can_withdraw_notice(actor: Member, notice: Notice) -> bool:
    """Authors take their own back; whoever approves here or above takes back what is published."""
    return can_edit_notice(actor, notice) or (
        notice.state == NoticeState.PUBLISHED and _may(actor, notice, Capability.APPROVE)
    )
