"""Opening an account for the first time, or anew after a change of phone, by a code to the phone.

The phone is that of the roster entry. The code shows that somebody holds the phone. The account is provisional until
the person is confirmed; the operator is asked at once, so that most people do not notice it.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock
from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.errors import DomainError
from portal.core.text import clean_line
from portal.members.backends import login_key_of_phone
from portal.members.models import Member, Sighting, SignInCode
from portal.members.services.proofs import elements_match, person_prove
from portal.members.services.sign_in import member_for_code
from portal.members.services.telling import account_tell

NO_NAME = _(
    "No entry with this number has that name. Enter the name as it is on your union's roster, or ask "
    "your union to correct the roster."
)
HOUR = 3600


def names(member: Member, typed: str) -> bool:
    """Return whether the typed text is the name of the entry, ignoring blanks and middle dots."""
    return _bare(typed) == _bare(member.name)


def _bare(text: str) -> str:
    return "".join(sign for sign in clean_line(text).casefold() if sign not in " ·・•‧.")


def member_activate(*, code_row: SignInCode, name: str) -> Member:
    """Open the account of the roster entry with the confirmed phone and this name; return the member.

    The name is no proof: it keeps a person whose number was written down by mistake from opening somebody else's
    account. The account is provisional unless the operator confirms the person at once.
    """
    limits.take(limits.Limit("activate", code_row.phone_index, settings.SIGN_IN_CODE_TRIES, HOUR))
    with transaction.atomic():
        row = locks.hold(code_row)
        _member, candidates = member_for_code(row)
        match = next((entry for entry in candidates if names(entry, name)), None)
        if row.used_at or row.confirmed_at is None or match is None:
            raise DomainError(NO_NAME, code="no-name")
        held = locks.hold(match)
        now = timezone.now()
        if not held.has_usable_password():
            held.login_key = login_key_of_phone(row.phone)
        held.activated_at = held.activated_at or now
        held.phone_confirmed_at = now
        if held.is_proven:
            # The person was confirmed by other means than this phone.
            held.secrets_closed_until = now + timedelta(days=settings.SECRETS_CLOSED_DAYS)
        held.save(update_fields=["login_key", "activated_at", "phone_confirmed_at", "secrets_closed_until"])
        row.used_at = now
        row.save(update_fields=["used_at"])
        audit_record(actor=held, action="member.activate", about=held, fields=["login_key", "phone_confirmed_at"])
        account_tell(member=held, kind="members.activated")
    return person_check(held)


def person_check(member: Member) -> Member:
    """Ask the operator about an account as it is opened, once a day; without an answer it is provisional.

    For a confirmed account, the operator is asked again if nobody has used it for a long time. Operators give abandoned
    numbers to strangers, so the account becomes provisional again unless the operator confirms the person.
    """
    idle = member.is_proven and is_idle(member)
    if member.is_proven and not idle:
        return member
    means = _ask(member)
    if means is None and not idle:
        return member
    with transaction.atomic():
        held = locks.hold(Member(pk=member.pk))
        if held.phone_index != member.phone_index:
            return held
        if means is not None:
            return held if held.is_proven else person_prove(held=held, means=means)
        return _idle_close(held) if held.proven_at == member.proven_at else held


def _ask(member: Member) -> str | None:
    """Return the means by which the operator confirms the account, or None; ask once a day at most."""
    if not member.identity_number or not member.phone or member.phone_confirmed_at is None:
        return None
    try:
        limits.take(limits.Limit("proof.opening", f"{member.pk}.{member.phone_index}", 1, 24 * HOUR))
        return elements_match(name=member.name, identity_number=member.identity_number, phone=member.phone)
    except DomainError:
        return None


def is_idle(member: Member) -> bool:
    """Return whether nobody signed in to, used or confirmed the account for IDLE_ACCOUNT_DAYS."""
    moments = (member.last_login, member.last_seen_at, member.phone_confirmed_at, member.proven_at)
    since = timezone.now() - timedelta(days=settings.IDLE_ACCOUNT_DAYS)
    return all(moment is None or moment < since for moment in moments)


def account_seen(member: Member) -> None:
    """Record that the account is in use."""
    Member.objects.filter(pk=member.pk).update(last_seen_at=timezone.now())


def _idle_close(held: Member) -> Member:
    """Make the locked account provisional; earlier sightings with its phone no longer count.

    The member is told in the portal and by e-mail, because the number may be a stranger's.
    """
    Sighting.objects.filter(member=held, phone_index=held.phone_index).delete()
    held.proven_at, held.proof = None, ""
    held.save(update_fields=["proven_at", "proof"])
    audit_record(actor=Clock("members.idle"), action="member.idle", about=held, fields=["proven_at"])
    account_tell(member=held, kind="members.idle", by_phone=False)
    return held
