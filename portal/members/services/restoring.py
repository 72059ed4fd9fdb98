"""What the level above settles for a person: new phone, lost second factor, locked account, sessions."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.identity import read_phone
from portal.members.models import Authenticator, Invitation, RecoveryCode
from portal.members.rules import can_change_phone, can_restore
from portal.members.services.people import phone_free, phone_index_of
from portal.messaging.services import message_post

NOT_YOURS = _("This is not yours to settle: it is done by the level above her.")


def _held(actor, member, rule):
    held = locks.hold(member)
    if not rule(actor, held):
        raise DomainError(NOT_YOURS, code="not-yours")
    return held


def _sessions_end(held):
    held.session_epoch += 1
    held.session_key = ""
    return ["session_epoch", "session_key"]


@transaction.atomic
def phone_replace(*, actor, member, phone, reason):
    """Write her new number down; it must be confirmed anew, open links are void and every session ends."""
    held = _held(actor, member, can_change_phone)
    number = read_phone(phone, demo=settings.ALLOW_DEMO_PEOPLE)
    if number == held.phone:
        raise DomainError(_("This is the number that is kept for her already."), code="same")
    index = phone_index_of(number)
    phone_free(number, but=held)
    held.phone, held.phone_index, held.phone_confirmed_at = number, index, None
    if not held.has_usable_password():
        held.login_key = None
    fields = ["phone", "phone_index", "phone_confirmed_at", "login_key", *_sessions_end(held)]
    held.version += 1
    held.save(update_fields=[*fields, "version"])
    Invitation.objects.filter(member=held, used_at=None).update(used_at=timezone.now())
    audit_record(actor=actor, action="member.phone", about=held, fields=fields, note=reason)
    message_post(kind="members.phone", to=held)
    return held


@transaction.atomic
def factor_remove(*, actor, member, reason):
    """Take authenticator and recovery codes away: she signs in by the code to her phone and sets a new one up."""
    held = _held(actor, member, can_restore)
    removed, _rows = Authenticator.objects.filter(member=held).delete()
    RecoveryCode.objects.filter(member=held).delete()
    if not removed:
        raise DomainError(_("She has no authenticator."), code="no-factor")
    held.save(update_fields=_sessions_end(held))
    audit_record(actor=actor, action="member.factor-remove", about=held, note=reason)
    message_post(kind="members.factor_removed", to=held)
    return held


@transaction.atomic
def account_unlock(*, actor, member, reason):
    """Forget the wrong tries that lock her out, of password and second factor alike."""
    held = _held(actor, member, can_restore)
    held.unlocked_at = timezone.now()
    held.save(update_fields=["unlocked_at"])
    audit_record(actor=actor, action="member.unlock", about=held, fields=["unlocked_at"], note=reason)
    return held


@transaction.atomic
def sessions_end(*, member):
    """End every session of hers, on all devices."""
    held = locks.hold(member)
    held.save(update_fields=_sessions_end(held))
    audit_record(actor=member, action="member.sessions", about=held, fields=["session_epoch"])
    return held
