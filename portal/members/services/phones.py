"""Changing the phone of an account: proposed by staff or the member, proven, stopped, disputed.

The phone is the key of an account, so nobody else changes it alone. While a change waits, the account keeps the earlier
number, which is told at once and can stop the change.
"""

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import crypto, limits, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.services import steps_of
from portal.core.text import clean_code, clean_line
from portal.members.backends import login_key_of_phone
from portal.members.choices import CodePurpose, IdentityKind, PhoneChangeState, ProofMeans, RecoveryPurpose
from portal.members.identity import read_identity, read_phone
from portal.members.models import Member, PhoneChange, SignInCode
from portal.members.rules import can_change_phone, can_withdraw_phone, open_duties
from portal.members.services.numbers import entries_clear, phone_write
from portal.members.services.people import identity_index_of, member_update, phone_index_of, phone_refuse_taken
from portal.members.services.proofs import (
    CHECKED,
    COUNTER,
    OUTSIDE,
    STRONG,
    attempt_count,
    change_is_seen,
    elements_match,
    person_prove,
    sighting_by_message,
)
from portal.members.services.recovery import recovery_code_take
from portal.members.services.sign_in import WRONG_CODE, code_confirm
from portal.members.services.telling import (
    account_tell,
    old_phone_tell,
    proof_alarm,
    staff_step_count,
    union_tell,
)

STAFF_PHONE = _("This person holds a duty and signs in with this number: the level above must change it.")
STOPPED = _(
    "This person recently stopped a change of the number. The level above must decide whether it is changed again."
)
OVERTAKEN = _("Another change of the number is pending. The proposer or the level above must settle it first.")
OVER = _("This change is no longer pending.")
CLOCK = Clock("members.phones")
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
STOP_SIGNS = 6
STOPS_A_DAY = 10  # 1,000 tries a day hit none of about 10^9 codes
DAY = 24 * 3600
NOT_FOUND = _(
    "We could not confirm you with these details. Compare them with your identity document. A number "
    "registered in a relative's name is not found; you can use the other ways below."
)


def stop_code_of(change: PhoneChange) -> str:
    """Return the code that stops ``change``; it is derived by key and stored nowhere."""
    number = int(crypto.blind_index("phone.stop", f"{change.pk}.{change.salt}"), 16)
    return "".join(SIGNS[number // len(SIGNS) ** place % len(SIGNS)] for place in range(STOP_SIGNS))


@transaction.atomic
def roster_update(*, actor: Member, member: Member, version: int, phone: str = "", **fields: object) -> Member:
    """Change a roster entry, and write down or propose a typed phone, as in ``phone_set_by_staff``.

    The phone of a member who holds a duty, or is about to, is set by the level above, not by a roster editor.
    """
    held = member_update(actor=actor, member=member, version=version, **fields)
    if not phone or phone == held.phone:
        return held
    staff = open_duties(held) or held.appointments.filter(state="waiting").exists()
    if staff and not can_change_phone(actor, held):
        raise DomainError(STAFF_PHONE, code="not-yours")
    return phone_set_by_staff(actor=actor, member=held, phone=phone)


@transaction.atomic
def phone_set_by_staff(*, actor: Member, member: Member, phone: str, reason: str = "") -> Member:
    """Set the phone of a member without an account, or propose one for an account; return the member.

    An account keeps its number until the change is proven or nobody has objected for PHONE_CHANGE_HOURS.
    """
    held = locks.hold(member)
    number = read_phone(phone, demo=settings.ALLOW_DEMO_PEOPLE)
    if number == held.phone:
        raise DomainError(_("This number is already registered for this person."), code="same")
    phone_refuse_taken(number, but=held)
    if held.activated_at is not None:
        _refuse_stopped(held, actor)
        _refuse_overtaking(held, actor)
        staff_step_count(actor=actor, member=held)
        _propose(held, number, actor=actor, reason=reason)
        return held
    fields = phone_write(held, number)
    held.save(update_fields=fields)
    audit_record(actor=actor, action="member.phone", about=held, fields=fields, note=reason)
    return held


def _refuse_stopped(held: Member, actor: Member) -> None:
    """Refuse a proposal where the member has lately stopped one; the level above may propose."""
    since = timezone.now() - timedelta(days=settings.SECRETS_CLOSED_DAYS)
    stopped = PhoneChange.objects.filter(member=held, state=PhoneChangeState.STOPPED, settled_at__gt=since)
    if stopped.exists() and not can_change_phone(actor, held):
        raise DomainError(STOPPED, code="stopped")


def _refuse_overtaking(held: Member, actor: Member) -> None:
    """Refuse to replace a number that somebody else proposed; the level above may replace it."""
    change = PhoneChange.objects.waiting().filter(member=held).select_related("member__organization").first()
    if change is not None and not can_withdraw_phone(actor, change):
        raise DomainError(OVERTAKEN, code="waiting")


def _propose(held: Member, number: str, *, actor: Member | None, reason: str = "") -> PhoneChange:
    """Create a waiting change of phone for the locked member; an earlier waiting change becomes void."""
    for row in PhoneChange.objects.waiting().filter(member=held):
        advance(row, PhoneChangeState.VOID, actor=CLOCK, settled_at=timezone.now(), phone=None, old_phone=None)
    (pk,) = reserve_pks(PhoneChange)
    change = PhoneChange.objects.create(
        pk=pk,
        member=held,
        phone=number,
        phone_index=phone_index_of(number),
        old_phone=held.phone,
        old_phone_index=held.phone_index,
        salt=secrets.token_hex(16),
        proposed_by=actor,
        due_at=timezone.now() + timedelta(hours=settings.PHONE_CHANGE_HOURS),
    )
    audit_record(actor=actor or held, action="member.phone-propose", about=held, note=reason, data={"change": pk})
    # The present number gets the news before anything changes.
    account_tell(
        member=held,
        kind="members.phone_proposed",
        about=change,
        context={"until": change.due_at.isoformat()},
        url=change.get_absolute_url(),
    )
    return change


@transaction.atomic
def phone_change_propose(*, actor: Member, member: Member, phone: str, reason: str) -> Member:
    """Propose another phone for ``member``, by an actor at the level above who settles accounts."""
    held = locks.hold(member)
    if not can_change_phone(actor, held):
        raise DomainError(_("You may not settle this: the level above does it."), code="not-yours")
    return phone_set_by_staff(actor=actor, member=held, phone=phone, reason=reason)


@transaction.atomic
def phone_change_apply(*, change: PhoneChange, means: str, actor: Member | Clock) -> Member:
    """Let a change take effect; ``means`` says how the person was confirmed, '' if the time has passed.

    Strong means leave the account confirmed and its private pages open. Two members of staff confirm the
    person, and the private pages stay closed for SECRETS_CLOSED_DAYS. If only the time has passed, nobody is
    confirmed: the account is provisional, and the holder of the new phone must be confirmed before private
    pages open, even after those days.
    """
    held = locks.hold(change.member)
    change = locks.hold(change)
    if change.old_phone_index != held.phone_index:
        raise DomainError(_("The number was changed in the meantime. Please start again."), code="moved")
    if change.phone is None:
        raise DomainError(OVER, code="over")
    if means in CHECKED:
        entries_clear(phone=change.phone, owner=held, actor=actor)
    phone_refuse_taken(change.phone, but=held)
    number, old = change.phone, held.phone or ""
    change = advance(change, PhoneChangeState.DONE, actor=actor, means=means, phone=None, settled_at=timezone.now())
    fields = phone_write(held, number, confirmed=bool(means))
    if means in STRONG:
        held.secrets_closed_until = None
    else:
        held.secrets_closed_until = timezone.now() + timedelta(days=settings.SECRETS_CLOSED_DAYS)
    held.proven_at, held.proof = (timezone.now(), means) if means else (None, "")
    fields += ["secrets_closed_until", "proven_at", "proof"]
    held.save(update_fields=fields)
    audit_record(
        actor=actor, action="member.phone", about=held, fields=fields, data={"change": change.pk, "means": str(means)}
    )
    account_tell(member=held, kind="members.phone_changed", about=change, url=change.get_absolute_url())
    old_phone_tell(member=held, phone=old, kind="members.phone_left", about=change)
    return held


def phone_change_seen(*, actor: Member, change: PhoneChange, code: str, how: str) -> PhoneChange:
    """Record that ``actor`` saw the member with the new phone; the second sighting applies the change."""
    if not change.is_waiting:
        raise DomainError(OVER, code="over")
    change.member = sighting_by_message(actor=actor, member=change.member, code=code, how=how, change=change)
    if change_is_seen(change):
        phone_change_apply(change=change, means=ProofMeans.SEEN, actor=actor)
    return change


def phone_change_by_paper(*, actor: Member, change: PhoneChange, code: str) -> Member:
    """Apply a change at once by a paper code that the member read out at the counter or by telephone.

    Staff have heard the code, so it confirms nobody: the account is provisional and its private pages are closed.
    """
    attempt_count(member=change.member, actor_key=f"staff.{actor.pk}", way=COUNTER)
    with transaction.atomic():
        held = locks.hold(change.member)
        recovery_code_take(member=held, code=code, purpose=RecoveryPurpose.ACCOUNT, taken_by=actor)
        return phone_change_apply(change=change, means="", actor=actor)


@transaction.atomic
def phone_change_withdraw(*, actor: Member, change: PhoneChange, reason: str = "") -> PhoneChange:
    """Withdraw a waiting change; the account keeps its number."""
    row = advance(
        change,
        PhoneChangeState.WITHDRAWN,
        actor=actor,
        note=reason,
        phone=None,
        old_phone=None,
        settled_at=timezone.now(),
    )
    account_tell(member=row.member, kind="members.phone_kept", about=row)
    return row


@transaction.atomic
def phone_change_own(*, member: Member, code_row: SignInCode) -> Member:
    """Move the member's own account to the phone of a confirmed code; the present phone has just confirmed them."""
    held = locks.hold(member)
    row = locks.hold(code_row)
    if row.purpose != CodePurpose.NEW_PHONE or row.confirmed_at is None or row.used_at is not None:
        raise DomainError(WRONG_CODE, code="wrong-code")
    phone_refuse_taken(row.phone, but=held)
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    waiting = PhoneChange.objects.waiting().filter(member=held, phone_index=row.phone_index).first()
    change = waiting or _propose(held, row.phone, actor=None)
    return phone_change_apply(change=change, means=ProofMeans.OLD_PHONE, actor=held)


@transaction.atomic
def phone_change_stop_own(*, member: Member, change: PhoneChange) -> PhoneChange:
    """Stop a change from the account itself, where the member is signed in with the present number."""
    if change.member_id != member.pk:
        raise DomainError(_("You may not settle this."), code="not-yours")
    return _stop(change, actor=member)


def phone_change_stop(*, phone: str, code: str, actor_key: str) -> PhoneChange:
    """Stop the change whose code was sent to ``phone``, or dispute it if it took effect; return it.

    Ten tries a day are allowed for one number from one place, many from all places, so that somebody else who knows the
    number cannot use up the tries of its owner. All failures get the same message.
    """
    limits.take(
        limits.Limit("phone.stop.here", f"{phone}.{actor_key}", STOPS_A_DAY, DAY),
        limits.Limit("phone.stop.actor", actor_key, settings.PROOFS_PER_ACTOR_AND_DAY, DAY),
        limits.Limit("phone.stop", phone, STOPS_A_DAY * 100, DAY),
    )
    kept = timezone.now() - timedelta(days=settings.SECRETS_CLOSED_DAYS)
    rows = PhoneChange.objects.filter(old_phone_index=phone_index_of(phone)).order_by("-pk").select_related("member")
    typed = clean_code(code).replace("-", "")
    for row in rows[:20]:
        recent = row.is_waiting or (row.state == PhoneChangeState.DONE and row.settled_at and row.settled_at > kept)
        if recent and hmac.compare_digest(stop_code_of(row).encode(), typed.encode()):
            return _stop(row, actor=row.member) if row.is_waiting else _dispute(row)
    raise DomainError(
        _("The number and the code do not match, or it is too late to stop the change."), code="no-change"
    )


@transaction.atomic
def _stop(change: PhoneChange, *, actor: Member) -> PhoneChange:
    row = advance(change, PhoneChangeState.STOPPED, actor=actor, phone=None, old_phone=None, settled_at=timezone.now())
    account_tell(member=row.member, kind="members.phone_stopped", about=row)
    union_tell(member=row.member, kind="members.change_stopped", about=row, url=row.get_absolute_url())
    if row.proposed_by_id:
        proof_alarm(member=row.member)
    return row


@transaction.atomic
def _dispute(change: PhoneChange) -> PhoneChange:
    """Close an account whose change of phone is disputed from the earlier number.

    Neither number opens it from then on. A change that the operator confirmed stays: the finder of the earlier
    telephone cannot take back the member's own number.
    """
    held = locks.hold(change.member)
    if change.means in STRONG:
        raise DomainError(
            _("This change was confirmed with the person's own new number. If that was not you, go to your union."),
            code="proven",
        )
    old = change.old_phone or ""
    row = advance(change, PhoneChangeState.DISPUTED, actor=held, old_phone=None)
    fields = phone_write(held, None)
    held.proven_at, held.proof = None, ""
    held.secrets_closed_until = timezone.now() + timedelta(days=settings.SECRETS_CLOSED_DAYS)
    held.save(update_fields=[*fields, "proven_at", "proof", "secrets_closed_until"])
    audit_record(actor=held, action="member.phone-dispute", about=held, data={"change": row.pk})
    account_tell(member=held, kind="members.phone_stopped", about=row)
    old_phone_tell(member=held, phone=old, kind="members.phone_stopped", about=row)
    union_tell(member=held, kind="members.change_stopped", about=row, url=row.get_absolute_url())
    proof_alarm(member=held)
    return row


def recover_by_person(
    *, code_row: SignInCode, name: str, identity_number: str, recovery_code: str, actor_key: str
) -> Member:
    """Move an account to the phone of the confirmed sign-in code; return the member.

    The operator's check proves that the new number is the person's own; otherwise a recovery code of their own does. A
    try counts for the person whose data was typed. The message is the same whether the person is unknown, the data does
    not match, or the person is not confirmed.
    """
    identity = read_identity(identity_number, today=timezone.localdate(), demo=settings.ALLOW_DEMO_PEOPLE)
    index = identity_index_of(IdentityKind.RESIDENT, identity.number)
    member = Member.objects.filter(identity_index=index, is_active=True).first()
    attempt_count(member=member, actor_key=actor_key, way=OUTSIDE)
    named = member is not None and member.name == clean_line(name) and member.activated_at is not None
    # Also for people unknown to the portal: the response time must not reveal who has an account.
    means = elements_match(name=clean_line(name), identity_number=identity.number, phone=code_row.phone)
    if member is None or not named:
        raise DomainError(NOT_FOUND, code="not-found")
    with transaction.atomic():
        held = locks.hold(member)
        row = locks.hold(code_row)
        if row.purpose != CodePurpose.SIGN_IN or row.confirmed_at is None or row.used_at is not None:
            raise DomainError(WRONG_CODE, code="wrong-code")
        if means is None:
            if not recovery_code:
                raise DomainError(NOT_FOUND, code="not-found")
            recovery_code_take(member=held, code=recovery_code, purpose=RecoveryPurpose.ACCOUNT, own=True)
            means = ProofMeans.RECOVERY
        row.used_at = timezone.now()
        row.save(update_fields=["used_at"])
        if row.phone_index == held.phone_index:
            held.phone_confirmed_at = timezone.now()
            held.login_key = held.login_key or login_key_of_phone(row.phone)
            held.save(update_fields=["phone_confirmed_at", "login_key"])
            return person_prove(held=held, means=means)
        change = PhoneChange.objects.waiting().filter(member=held, phone_index=row.phone_index).first()
        change = change or _propose(held, row.phone, actor=None)
        return phone_change_apply(change=change, means=means, actor=held)


def earlier_phone(member: Member) -> str:
    """Return the number replaced within SECRETS_CLOSED_DAYS, or ''; a code to it opens private pages again."""
    since = timezone.now() - timedelta(days=settings.SECRETS_CLOSED_DAYS)
    rows = PhoneChange.objects.filter(member=member, state=PhoneChangeState.DONE, settled_at__gt=since)
    # The oldest change counts: it leads back to the number that the person had first.
    row = rows.filter(old_phone__isnull=False).order_by("pk").first()
    return (row.old_phone or "") if row else ""


def secrets_open_by_old_phone(*, member: Member, code_row: SignInCode, code: str) -> Member:
    """Open private pages that a change of phone closed, by a code sent to the earlier number."""
    if code_row.purpose != CodePurpose.OLD_PHONE or code_row.member_id != member.pk:
        raise DomainError(WRONG_CODE, code="wrong-code")
    code_confirm(code_row=code_row, code=code)
    with transaction.atomic():
        held = locks.hold(member)
        if code_row.phone_index != phone_index_of(earlier_phone(held)):
            raise DomainError(WRONG_CODE, code="wrong-code")
        SignInCode.objects.filter(pk=code_row.pk).update(used_at=timezone.now())
        return person_prove(held=held, means=ProofMeans.OLD_PHONE)


def phone_changes_keep_time() -> int:
    """Apply changes without objection and delete earlier numbers that are due; return how many.

    Each is handled in a transaction of its own; a second run changes nothing.
    """
    now, done = timezone.now(), 0
    with steps_of("members.phone_changes") as steps:
        for row in PhoneChange.objects.waiting().filter(due_at__lte=now).order_by("pk")[:500]:
            with steps.one(row):
                try:
                    phone_change_apply(change=row, means="", actor=CLOCK)
                except DomainError:
                    advance(row, PhoneChangeState.VOID, actor=CLOCK, settled_at=now, phone=None, old_phone=None)
                done += 1
    kept = now - timedelta(days=settings.SECRETS_CLOSED_DAYS)
    return done + PhoneChange.objects.filter(settled_at__lt=kept, old_phone__isnull=False).update(old_phone=None)
