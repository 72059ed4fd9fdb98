"""The second factor of staff: authenticator app, recovery codes, and the members who must have one."""

from __future__ import annotations

import hmac
import secrets

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import crypto, limits, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.text import clean_code
from portal.members.choices import RecoveryPurpose
from portal.members.models import Authenticator, Member, RecoveryCode
from portal.members.services.telling import account_tell
from portal.messaging.channels import sms_is_set_up

STEP_SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECOVERY_LENGTH = 12
WRONG = _("This code is wrong or has already been used. Wait for the next code and try again.")
TRIES = 10
TRIES_SECONDS = 30 * 60


def confirmed_factor(member: Member) -> Authenticator | None:
    """Return the confirmed authenticator of the member, or None."""
    return Authenticator.objects.filter(member_id=member.pk, confirmed_at__isnull=False).first()


def begun_factor(member: Member) -> Authenticator | None:
    """Return the authenticator that was begun but not confirmed, or None."""
    return Authenticator.objects.filter(member_id=member.pk, confirmed_at=None).first()


def must_enrol(member: Member) -> bool:
    """Return whether ``member`` must set up an authenticator first, by the setting SECOND_FACTOR_REQUIRED.

    "administrators" are those who hold an administrator's duty, "staff" is everybody with a duty, "nobody" is for the
    demo.
    """
    required = settings.SECOND_FACTOR_REQUIRED
    asked = (required == "administrators" and member.is_staff) or (required == "staff" and member.is_desk)
    return asked and confirmed_factor(member) is None


def enrols_by_link(member: Member) -> bool:
    """Return whether a first access by link includes setting up an authenticator at once.

    It does before the first sign-in, if the duty requires an authenticator or no code can be sent by text message.
    """
    return (
        member.last_login is None and confirmed_factor(member) is None and (must_enrol(member) or not sms_is_set_up())
    )


def factor_address(factor: Authenticator) -> str:
    """Return the otpauth URL that the app reads from the picture.

    It contains no name, only the row number of the member.
    """
    return pyotp.TOTP(factor.secret).provisioning_uri(name=f"{factor.member_id}", issuer_name=str(settings.ISSUER))


@transaction.atomic
def factor_begin(*, member: Member) -> Authenticator:
    """Create a new secret for ``member``; the one in use stays valid until the new one is confirmed."""
    locks.hold(member)
    Authenticator.objects.filter(member=member, confirmed_at=None).delete()
    (pk,) = reserve_pks(Authenticator)
    return Authenticator.objects.create(pk=pk, member=member, secret=pyotp.random_base32(32))


def _step_of(factor: Authenticator, code: str) -> int | None:
    """Return the time step of the typed code (now, one before, one after), or None.

    A step that is not later than the last accepted one counts as None.
    """
    now = int(timezone.now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(factor.secret)
    typed = clean_code(code).encode()
    found = None
    for step in (now - 1, now, now + 1):
        right = hmac.compare_digest(totp.generate_otp(step).encode(), typed)
        if right and step > factor.last_step:
            found = step
    return found


def factor_confirm(*, member: Member, code: str) -> list[str]:
    """Confirm the begun authenticator by one of its codes; return the recovery codes.

    They are shown this once.
    """
    limits.take(limits.Limit("factor.confirm", str(member.pk), TRIES, TRIES_SECONDS))
    with transaction.atomic():
        locks.hold(member)
        factor = begun_factor(member)
        step = _step_of(factor, code) if factor else None
        if factor is None or step is None:
            raise DomainError(WRONG, code="wrong-code")
        Authenticator.objects.filter(member=member, confirmed_at__isnull=False).delete()
        factor.confirmed_at, factor.last_step = timezone.now(), step
        factor.save(update_fields=["confirmed_at", "last_step"])
        audit_record(actor=member, action="member.factor", about=member, data={"authenticator": factor.pk})
        account_tell(member=member, kind="members.factor")
        codes = _codes_write(member)
    limits.clear("factor.confirm", str(member.pk))
    return codes


def _recovery_hash(member: Member, code: str) -> str:
    return crypto.blind_index(f"recovery.{member.pk}", code)


def _codes_write(member: Member) -> list[str]:
    codes = [
        "".join(secrets.choice(RECOVERY_ALPHABET) for _place in range(RECOVERY_LENGTH)) for _n in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(member=member, purpose=RecoveryPurpose.FACTOR).delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(member=member, code_hash=_recovery_hash(member, code)) for code in codes]
    )
    return ["-".join(code[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4)) for code in codes]


@transaction.atomic
def recovery_codes_renew(*, member: Member) -> list[str]:
    """Create ten new recovery codes and return them; the old ones are void.

    They are shown this once.
    """
    locks.hold(member)
    if confirmed_factor(member) is None:
        raise DomainError(_("Set up an authenticator first."), code="no-factor")
    audit_record(actor=member, action="member.recovery-codes", about=member)
    return _codes_write(member)


def recovery_codes_left(member: Member) -> int:
    """Return how many recovery codes are unused."""
    return RecoveryCode.objects.filter(member_id=member.pk, purpose=RecoveryPurpose.FACTOR, used_at=None).count()


def factor_check(*, member: Member, code: str) -> None:
    """Accept a code of the member's authenticator or a recovery code, each once; DomainError otherwise.

    Ten tries are allowed in half an hour, and wrong codes count; past them TooMany, until the level above unlocks the
    member.
    """
    key = factor_key(member)
    limits.take(limits.Limit("factor", key, TRIES, TRIES_SECONDS))
    with transaction.atomic():
        locks.hold(member)
        taken = _take_code(member, code) or _take_recovery(member, code)
    if not taken:
        audit_record(actor=None, action="sign-in.refused", about=member, data={"reason": "factor"})
        raise DomainError(WRONG, code="wrong-code")
    limits.clear("factor", key)


def factor_key(member: Member) -> str:
    """Return the key under which wrong codes are counted; an unlock starts a new key."""
    stamp = int(member.unlocked_at.timestamp()) if member.unlocked_at else 0
    return f"{member.pk}.{stamp}"


def _take_code(member: Member, code: str) -> bool:
    factor = confirmed_factor(member)
    step = _step_of(factor, code) if factor else None
    if factor is None or step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


def _take_recovery(member: Member, code: str) -> bool:
    typed = clean_code(code).replace("-", "")
    if len(typed) != RECOVERY_LENGTH:
        return False
    rows = RecoveryCode.objects.filter(member=member, purpose=RecoveryPurpose.FACTOR, used_at=None)
    row = rows.filter(code_hash=_recovery_hash(member, typed)).first()
    if row is None:
        return False
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    audit_record(actor=member, action="member.recovery-code", about=member)
    account_tell(member=member, kind="members.recovery", context={"left": recovery_codes_left(member)})
    return True
