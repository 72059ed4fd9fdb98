"""Signing in: one-time codes by SMS, passwords of staff, activation of people on a roster."""

import hmac
import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import crypto, faults, limits, locks
from portal.core.errors import DomainError, TooMany
from portal.core.fields import reserve_pks
from portal.core.limits import network_of
from portal.core.text import clean_code
from portal.members.backends import login_key_of_name, login_key_of_phone
from portal.members.models import Member, SignInCode
from portal.members.rules import open_duties
from portal.members.services.people import phone_index_of
from portal.messaging.channels import (
    ChannelError,
    ChannelLimit,
    ChannelNowhere,
    ChannelRefused,
    not_sent,
    sms_backend,
)

WRONG_CODE = _("The code is wrong or no longer valid. Check the latest message, or request a new code.")
WRONG_PASSWORD = _("The login name or password is wrong.")
PROVISIONAL = _(
    "Your account is not confirmed yet, so your duty has not begun. Sign in with your mobile number and choose “Confirm"
    " who you are”."
)
LOCKED = _("Sign-in is locked for a while after too many failed attempts. Try again later, or ask the level above you.")
RESEND = _("A code was sent a moment ago. Please wait a minute before asking for another.")
HOUR = 3600
# How long a network from which the right password or code came counts as known for the member.
KNOWN_SECONDS = 30 * 24 * HOUR


def _hash(pk: int, code: str) -> str:
    return crypto.blind_index(f"code.{pk}", code)


def code_send(*, phone: str, purpose: str, address: str, member: Member | None = None) -> SignInCode:
    """Send a six-digit code to ``phone`` and return its row; the same for known and unknown numbers.

    There are limits per phone and purpose and per address and hour, and a wait between two codes; past them TooMany. A
    network from which the owner of the phone has signed in lately has a limit of its own. Runs outside a transaction:
    the SMS is sent in the request and takes SMS_TIMEOUT_SECONDS at most.
    """
    index = phone_index_of(phone)
    code = f"{secrets.randbelow(10**6):06d}"
    (pk,) = reserve_pks(SignInCode)
    with transaction.atomic():
        # A refusal rolls back, so that a refused request uses up no limit, least of all that of the phone's owner.
        locks.wait_turn(f"code.{purpose}.{index}")
        now = timezone.now()
        waited = now - timedelta(seconds=settings.SIGN_IN_RESEND_SECONDS)
        open_codes = SignInCode.objects.filter(phone_index=index, purpose=purpose, used_at=None)
        if open_codes.filter(created_at__gt=waited).exists():
            raise TooMany(RESEND, code="resend")
        limits.take(
            # A limit for the whole installation: text messages cost money, and a flood of them is sent in the union's
            # name. It is counted by purpose, as below: a flood at the public sign-in leaves the second step to staff.
            limits.Limit(f"code.all.{purpose}", "all", settings.SIGN_IN_CODES_PER_HOUR, HOUR),
            limits.Limit("code.address", network_of(address), settings.SIGN_IN_CODES_PER_ADDRESS_AND_HOUR, HOUR),
        )
        hers = limits.take(_phone_limit(phone, purpose, network_of(address)))
        open_codes.update(used_at=now)
        row = SignInCode.objects.create(
            pk=pk,
            purpose=purpose,
            phone=phone,
            phone_index=index,
            member=member,
            code_hash=_hash(pk, code),
            expires_at=now + timedelta(seconds=settings.SIGN_IN_CODE_SECONDS),
        )
    try:
        sms_backend().send(phone, f"members.code_{purpose}", {"code": code}, uuid.uuid4())
    except ChannelError as error:
        SignInCode.objects.filter(pk=pk).delete()
        # A code that the provider did not send does not count for the phone; a flood is still counted by address.
        hers.give_back()
        if not isinstance(error, (ChannelLimit, ChannelNowhere, ChannelRefused)):
            faults.note(faults.SMS)
        raise DomainError(not_sent(error), code="not-sent") from None
    return row


def _phone_limit(phone: str, purpose: str, network: str) -> limits.Limit:
    """Return the limit of codes to ``phone``: one per network of its owner, one for all other networks.

    The owner's networks are those from which they signed in. Strangers elsewhere therefore use up none of the owner's
    requests. Limits are counted by purpose: requests at the public sign-in use up no second step of staff.
    """
    key = f"{phone}.{network}"
    if not limits.used("code.known", key, seconds=KNOWN_SECONDS):
        key = phone
    return limits.Limit(f"code.phone.{purpose}", key, settings.SIGN_IN_CODES_PER_PHONE_AND_HOUR, HOUR)


def network_note(*, member: Member, address: str) -> None:
    """Record that the owner of the member's phone has just signed in from the network of ``address``."""
    if member.phone and member.phone_confirmed_at is not None:
        key = f"{member.phone}.{network_of(address)}"
        limits.consume("code.known", key, limit=10**6, seconds=KNOWN_SECONDS)


def code_confirm(*, code_row: SignInCode, code: str) -> SignInCode:
    """Check a typed code and return the confirmed row; a try counts even if the caller fails afterwards.

    Raises DomainError with the same message for wrong, used, expired and exhausted codes.
    """
    row = SignInCode.objects.filter(pk=code_row.pk).first()
    if row is None:
        raise DomainError(WRONG_CODE, code="wrong-code")
    with transaction.atomic():
        row = locks.hold(row)
        right = (
            row.used_at is None
            and row.confirmed_at is None
            and row.expires_at > timezone.now()
            and row.tries < settings.SIGN_IN_CODE_TRIES
            and hmac.compare_digest(row.code_hash, _hash(row.pk, clean_code(code)))
        )
        row.tries += 1
        if right:
            row.confirmed_at = timezone.now()
        row.save(update_fields=["tries", "confirmed_at"])
    if not right:
        raise DomainError(WRONG_CODE, code="wrong-code")
    return row


def member_for_code(code_row: SignInCode) -> tuple[Member | None, list[Member]]:
    """Return (member, candidates) for a confirmed code.

    ``member`` has the account of the phone; without an account, ``candidates`` are the roster entries with this phone.
    An account is opened by its confirmed phone alone, even if its owner is staff and otherwise signs in by name. Roster
    entries must first be activated, and so must an account whose new phone nobody has confirmed yet.
    """
    active = Member.objects.filter(is_active=True)
    member = active.filter(login_key=login_key_of_phone(code_row.phone)).first()
    member = member or active.filter(
        phone_index=code_row.phone_index, phone_confirmed_at__isnull=False, login_key__isnull=False
    ).order_by("pk").first()  # fmt: skip
    if member:
        return member, []
    entries = active.filter(phone_index=code_row.phone_index, phone_confirmed_at=None)
    return None, list(entries.order_by("pk")[:20])


def staff_password_check(*, login_name: str, password: str, address: str) -> Member:
    """Return the member of staff with this login name and password.

    Otherwise DomainError, the same for unknown names. Five failures of one name from one address, or twenty of one name
    from anywhere, lock it for half an hour, even for the right password. A try is counted before the password is
    checked and given back when it was right, so that forty parallel tries are no more than forty successive ones. The
    limit of the name does not apply to an address from which the right password came within 30 days: nobody can lock
    members of staff out of their own office from elsewhere.
    """
    if len(login_name) > 255 or len(password) > 1024:
        raise DomainError(WRONG_PASSWORD, code="wrong-password")
    name_key, address = login_key_of_name(login_name), network_of(address)
    hers = f"{name_key}.{address}"
    unlocked_at = Member.objects.filter(login_key=name_key).values_list("unlocked_at", flat=True).first()
    if unlocked_at:
        # The level above has unlocked the account, so earlier tries count no more.
        name_key = f"{name_key}.{int(unlocked_at.timestamp())}"
    pair = f"{name_key}.{address}"
    most, seconds = settings.SIGN_IN_PASSWORD_FAILURES, settings.SIGN_IN_LOCK_SECONDS
    bounds = [
        limits.Limit("password.pair", pair, most, seconds),
        limits.Limit("password.address", address, most * 20, seconds),
    ]
    if not limits.used("password.known", hers, seconds=KNOWN_SECONDS):
        bounds.append(limits.Limit("password.name", name_key, most * 4, seconds))
    taken = limits.take(*bounds, message=LOCKED, code="locked")
    member = authenticate(None, login_name=login_name, password=password)
    if member is not None and not member.is_proven and open_duties(member):
        taken.give_back()
        raise DomainError(PROVISIONAL, code="provisional")
    if member is None or not member.is_desk:
        audit_record(actor=None, action="sign-in.refused", data={"reason": "password"})
        raise DomainError(WRONG_PASSWORD, code="wrong-password")
    taken.give_back()
    limits.clear("password.pair", pair)
    limits.consume("password.known", hers, limit=10**6, seconds=KNOWN_SECONDS)
    return member
