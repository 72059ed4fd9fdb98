"""Writing the phone of a member: voiding the keys of the earlier phone and clearing mistaken entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.members.backends import login_key_of_phone
from portal.members.models import Invitation, Member, SignInCode
from portal.members.services.people import phone_index_of
from portal.members.services.telling import union_tell

if TYPE_CHECKING:
    from portal.audit.gate import Clock

OF_ANOTHER = _("The operator confirmed that the number is another person's.")


def keys_void(held: Member) -> list[str]:
    """Make every code, link and session of the present phone invalid; return the changed columns."""
    now = timezone.now()
    SignInCode.objects.filter(member=held, used_at=None).update(used_at=now)
    if held.phone_index:
        SignInCode.objects.filter(phone_index=held.phone_index, used_at=None).update(used_at=now)
    Invitation.objects.filter(member=held, used_at=None).update(used_at=now)
    held.session_epoch += 1
    held.session_key = ""
    return ["session_epoch", "session_key"]


def phone_write(held: Member, number: str | None, *, confirmed: bool = False) -> list[str]:
    """Set another phone of the locked member, or None; return the changed columns.

    Keys of the earlier phone become void. Without ``confirmed``, the number opens nothing before a code sent to it was
    typed. A member who was confirmed before opening the account, as at the set-up, was confirmed with the earlier
    number; with another number this confirmation no longer counts.
    """
    fields = keys_void(held)
    if held.activated_at is None and held.is_proven:
        held.proven_at, held.proof = None, ""
        fields += ["proven_at", "proof"]
    held.phone, held.phone_index = number, phone_index_of(number) if number else ""
    held.phone_confirmed_at = timezone.now() if confirmed else None
    if not held.has_usable_password():
        held.login_key = login_key_of_phone(number) if confirmed and number else None
    held.version += 1
    return [*fields, "phone", "phone_index", "phone_confirmed_at", "login_key", "version"]


def entries_clear(*, phone: str, owner: Member, actor: Member | Clock) -> None:
    """Remove ``phone`` from roster entries without an account that have it by mistake.

    The operator confirmed that the number is that of ``owner``. The units of the entries are told. This runs before
    ``phones_hold``, because it locks rows. An account keeps its number, because the number was confirmed by a code.
    """
    entries = Member.objects.filter(phone_index=phone_index_of(phone), activated_at=None).exclude(pk=owner.pk)
    for entry in locks.hold_all(entries):
        fields = phone_write(entry, None)
        entry.save(update_fields=fields)
        audit_record(actor=actor, action="member.phone", about=entry, fields=fields, note=str(OF_ANOTHER))
        union_tell(member=entry, kind="members.phone_cleared", about=entry, url=entry.get_absolute_url())
