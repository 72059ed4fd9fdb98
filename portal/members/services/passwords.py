"""Passwords of staff."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.errors import DomainError
from portal.members.backends import login_key_of_name
from portal.members.choices import ProofMeans
from portal.members.models import Member, PasswordHistory

SPENT = _("This link has already been used or is no longer valid. Ask the level above you to send another.")
HOUR = 3600
# A code for text messages without a link: six unambiguous characters, about 30 bits.
SIGNS, CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 6
CODE_TRIES = 10  # per network; ten times this for all


def password_write(held: Member, password: str) -> list[str]:
    """Validate ``password`` by the rules, store its hash, and end every session of ``held``.

    Raises ValidationError with every rule that is broken. ``held`` is the locked row; the caller saves it.
    """
    validate_password(password, held)
    held.set_password(password)
    held.password_changed_at = timezone.now()
    held.session_epoch += 1
    held.session_key = ""
    PasswordHistory.objects.create(member=held, password=held.password)
    kept = PasswordHistory.objects.filter(member=held).order_by("-pk").values_list("pk", flat=True)
    PasswordHistory.objects.filter(pk__in=list(kept[settings.PASSWORD_HISTORY :])).delete()
    return ["password", "password_changed_at", "session_epoch", "session_key"]


def must_change_password(member: Member) -> bool:
    """Return whether the password of ``member`` is older than PASSWORD_DAYS.

    A member without a password has nothing to change.
    """
    if not member.has_usable_password() or not settings.PASSWORD_DAYS:
        return False
    oldest = timezone.now() - timedelta(days=settings.PASSWORD_DAYS)
    return member.password_changed_at is None or member.password_changed_at < oldest


@transaction.atomic
def password_set(*, actor: Member | None, member: Member, login_name: str, password: str) -> Member:
    """Set a login name and a password in the demo and in tests, and confirm the person.

    No page calls it.
    """
    held = locks.hold(member)
    if not held.is_proven:
        held.proven_at, held.proof = timezone.now(), ProofMeans.SET_UP
        held.save(update_fields=["proven_at", "proof"])
    return account_write(actor, held, login_name, password)


def account_write(actor: Member | None, held: Member, login_name: str, password: str) -> Member:
    held.login_key = login_key_of_name(login_name)
    written = password_write(held, password)
    held.activated_at = held.activated_at or timezone.now()
    held.save(update_fields=["login_key", "activated_at", *written])
    audit_record(actor=actor, action="member.password", about=held, fields=["login_key", "password"])
    return held


def password_change(*, member: Member, current: str, password: str) -> Member:
    """Set a new password that the member chose; all sessions of the member end.

    Five wrong tries of the present password are allowed per hour.
    """
    key = str(member.pk)
    taken = limits.take(limits.Limit("password.change", key, settings.SIGN_IN_PASSWORD_FAILURES, HOUR))
    right = False
    try:
        with transaction.atomic():
            held = locks.hold(member)
            right = held.has_usable_password() and held.check_password(current)
            if not right:
                raise DomainError(_("The current password is wrong."), code="wrong-password")
            held.save(update_fields=password_write(held, password))
            audit_record(actor=held, action="member.password", about=held, fields=["password"])
    finally:
        if right:
            # The try is also given back if the new password breaks a rule, because only wrong present passwords count.
            taken.give_back()
    return held
