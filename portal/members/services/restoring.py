"""What the level above settles for a member: lost second factor, locked account; and ending sessions.

Members end their own sessions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.choices import RecoveryPurpose
from portal.members.models import Authenticator, Member, RecoveryCode
from portal.members.rules import can_restore
from portal.members.services.telling import account_tell, staff_step_count

if TYPE_CHECKING:
    from collections.abc import Callable


NOT_YOURS = _("You may not settle this: the level above this person does it.")


def _held(actor: Member, member: Member, rule: Callable[[Member, Member], bool]) -> Member:
    held = locks.hold(member)
    if not rule(actor, held):
        raise DomainError(NOT_YOURS, code="not-yours")
    return held


def _sessions_end(held: Member) -> list[str]:
    held.session_epoch += 1
    held.session_key = ""
    return ["session_epoch", "session_key"]


@transaction.atomic
def factor_remove(*, actor: Member, member: Member, reason: str) -> Member:
    """Remove the authenticator and recovery codes of a member.

    The member's sessions end. The member signs in again with the password and a code to their phone, and sets up a new
    authenticator.
    """
    held = _held(actor, member, can_restore)
    removed, _rows = Authenticator.objects.filter(member=held).delete()
    RecoveryCode.objects.filter(member=held, purpose=RecoveryPurpose.FACTOR).delete()
    if not removed:
        raise DomainError(_("This person has no authenticator."), code="no-factor")
    held.save(update_fields=_sessions_end(held))
    audit_record(actor=actor, action="member.factor-remove", about=held, note=reason)
    account_tell(member=held, kind="members.factor_removed")
    return held


@transaction.atomic
def account_unlock(*, actor: Member, member: Member, reason: str) -> Member:
    """Reset the wrong tries of password and second factor that lock a member out."""
    held = _held(actor, member, can_restore)
    staff_step_count(actor=actor, member=held)
    held.unlocked_at = timezone.now()
    held.save(update_fields=["unlocked_at"])
    audit_record(actor=actor, action="member.unlock", about=held, fields=["unlocked_at"], note=reason)
    account_tell(member=held, kind="members.unlocked")
    return held


@transaction.atomic
def sessions_end(*, member: Member) -> Member:
    """End every session of the member, on all devices."""
    held = locks.hold(member)
    held.save(update_fields=_sessions_end(held))
    audit_record(actor=member, action="member.sessions", about=held, fields=["session_epoch"])
    return held
