"""Confirming that the person behind an account is the one on the roster, by the operator or by staff.

Two members of staff are needed. A code to a phone shows only that somebody holds the phone, and staff write phones
down. Nothing here relies on what staff see, type or could guess.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import crypto, limits, locks
from portal.core.choices import Area, Capability, Level
from portal.core.errors import DomainError, TooMany
from portal.core.fields import reserve_pks
from portal.core.roles import allows
from portal.core.text import clean_code
from portal.members.choices import CodePurpose, ProofMeans, SightingMeans
from portal.members.models import Member, PhoneChange, Sighting, SignInCode
from portal.members.real_names import Answer, CheckError, check_real_name, check_three_elements
from portal.members.rules import can_dispute
from portal.members.selectors import are_independent
from portal.members.services.sign_in import WRONG_CODE, code_confirm, code_send
from portal.members.services.telling import account_tell, proof_alarm
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


DAY, HOUR = 24 * 3600, 3600
MONTH = 30 * DAY
DISPUTES_BY_ACTOR, DISPUTES_OF_PERSON = 1, 3
SHOWN_SECONDS = 10 * 60
SHOWN_DIGITS = 8
NOT_CHECKED = _(
    "You could not be confirmed this way. This is not necessarily your mistake: a number registered "
    "in a relative's name is not found. Ask two members of staff to confirm you instead."
)
DISPUTED = _(
    "This account was recently made provisional for the same reason. If another person uses it "
    "again, tell the security administrators."
)
NO_ANSWER = _("The verification service is not responding. Please try again in a few minutes.")
# The way of a proof: before signing in, from the account itself, or by staff who have the person before them.
OUTSIDE, ACCOUNT, COUNTER = "outside", "account", "counter"
# Means which found that name, identity number and phone belong together.
CHECKED = frozenset({ProofMeans.OPERATOR, ProofMeans.REAL_NAME})
# Means by which the person, not staff, proved who they are; private pages open at once.
STRONG = CHECKED | {ProofMeans.OLD_PHONE, ProofMeans.RECOVERY}


def attempt_count(*, member: Member | None = None, actor_key: str, way: str) -> limits.Taken:
    """Count an attempt at a proof, for the person and the actor; TooMany and an alarm past either limit.

    Attempts are counted per person and per actor, never per phone or invitation, so that a new phone or link starts no
    new count. The three ways (OUTSIDE, ACCOUNT, COUNTER) are counted apart for a person, so that a stranger who uses up
    one leaves the others to the person.
    """
    counted = [limits.Limit("proof.actor", actor_key, settings.PROOFS_PER_ACTOR_AND_DAY, DAY)]
    if member is not None:
        person = f"{way}.{member.pk}"
        counted.append(limits.Limit("proof.person", person, settings.PROOFS_PER_PERSON_AND_DAY, DAY))
    try:
        return limits.take(*counted)
    except TooMany:
        proof_alarm(member=member)
        raise


def person_prove(*, held: Member, means: str, actor: Member | None = None) -> Member:
    """Record that the person behind the locked account is confirmed; strong means open private pages too."""
    held.proven_at, held.proof = timezone.now(), means
    fields = ["proven_at", "proof"]
    if means in STRONG and held.secrets_closed_until is not None:
        held.secrets_closed_until = None
        fields.append("secrets_closed_until")
    held.save(update_fields=fields)
    audit_record(actor=actor or held, action="member.prove", about=held, fields=fields, data={"means": str(means)})
    codes = reverse("members:paper-code-new") if held.opens_secrets else ""
    account_tell(member=held, kind="members.proven", context={"open": held.opens_secrets}, url=codes)
    return held


def elements_match(*, name: str, identity_number: str, phone: str) -> str | None:
    """Return the means by which name, number and phone were found to belong together, or None.

    Raises DomainError when no check answers. Call it outside transactions, because a check waits up to its time limit.
    """
    silent = False
    for means, check in (
        (ProofMeans.OPERATOR, check_three_elements),
        (ProofMeans.REAL_NAME, check_real_name),
    ):
        try:
            if check(name=name, identity_number=identity_number, phone=phone) == Answer.MATCHES:
                return means
        except CheckError:
            silent = True
    if silent:
        raise DomainError(NO_ANSWER, code="no-answer")
    return None


def proof_by_check(*, member: Member, actor_key: str) -> Member:
    """Ask the operator, then the real-name service, to confirm the person's own account.

    DomainError when neither confirms. A confirmation also opens private pages that a change of phone closed.
    """
    if not member.identity_number or not member.phone or member.phone_confirmed_at is None:
        raise DomainError(NOT_CHECKED, code="not-checked")
    taken = attempt_count(member=member, actor_key=actor_key, way=ACCOUNT)
    means = elements_match(name=member.name, identity_number=member.identity_number, phone=member.phone)
    if means is None:
        raise DomainError(NOT_CHECKED, code="not-checked")
    taken.give_back()
    with transaction.atomic():
        held = locks.hold(member)
        if (held.phone_index, held.identity_index) != (member.phone_index, member.identity_index):
            raise DomainError(_("Your entry was changed in the meantime. Please try again."), code="moved")
        return person_prove(held=held, means=means)


def shown_code(*, member: Member) -> tuple[str, datetime]:
    """Create the code that a person shows to a member of staff; return its eight digits and its end.

    The code is bound to the account and its phone. A member of staff who has the digits can only record a sighting of
    this person. An access opened by a link that was handed over can show the code before its phone is confirmed.
    """
    limits.consume("shown.code", str(member.pk), limit=30, seconds=HOUR)
    code = f"{secrets.randbelow(10**SHOWN_DIGITS):0{SHOWN_DIGITS}d}"
    ends = timezone.now() + timedelta(seconds=SHOWN_SECONDS)
    (pk,) = reserve_pks(SignInCode)
    with transaction.atomic():
        held = locks.hold(member)
        handed = held.invitations.filter(handed_at__isnull=False, used_at__isnull=False)
        if not held.phone or (held.phone_confirmed_at is None and not handed.exists()):
            raise DomainError(_("Confirm your mobile number first: sign in with it."), code="no-phone")
        SignInCode.objects.filter(member=held, purpose=CodePurpose.SHOWN, used_at=None).update(used_at=timezone.now())
        SignInCode.objects.create(
            pk=pk,
            purpose=CodePurpose.SHOWN,
            phone=held.phone,
            phone_index=held.phone_index,
            member=held,
            code_hash=_shown_hash(code),
            expires_at=ends,
        )
    return code, ends


def _shown_hash(code: str) -> str:
    return crypto.blind_index("code.shown", code)


def shown_find(*, actor: Member, code: str) -> Member:
    """Return the member whose phone shows ``code`` now; DomainError with one message in any other case.

    A member of staff may enter thirty wrong codes an hour, so that codes cannot be guessed.
    """
    taken = limits.take(limits.Limit("shown.find", str(actor.pk), 30, HOUR))
    rows = SignInCode.objects.filter(
        purpose=CodePurpose.SHOWN, code_hash=_shown_hash(clean_code(code)), used_at=None, expires_at__gt=timezone.now()
    )
    row = rows.select_related("member__organization").first()
    if (
        row is None
        or row.member is None
        or row.member.phone_index != row.phone_index
        or not can_see_person(actor, row.member)
    ):
        raise DomainError(WRONG_CODE, code="wrong-code")
    taken.give_back()
    return row.member


def seen_code_send(*, actor: Member, member: Member, address: str, change: PhoneChange | None = None) -> SignInCode:
    """Send a code for the person to read out to staff, to the phone of the account or of ``change``.

    With ``change`` it goes to the new phone.
    """
    _refuse_stranger(actor, member)
    phone = change.phone if change else member.phone
    if not phone:
        raise DomainError(_("No mobile number is stored for this person."), code="no-phone")
    return code_send(phone=phone, purpose=CodePurpose.SEEN, address=address, member=member)


def sighting_by_message(
    *, actor: Member, member: Member, code: str, how: str, change: PhoneChange | None = None
) -> Member:
    """Record a sighting of a person who read out the code just sent to their phone; return the member."""
    _refuse_stranger(actor, member)
    index = change.phone_index if change else member.phone_index
    taken = attempt_count(member=member, actor_key=f"staff.{actor.pk}", way=COUNTER)
    row = (
        SignInCode.objects.filter(member=member, purpose=CodePurpose.SEEN, phone_index=index, used_at=None)
        .order_by("-pk")
        .first()
    )
    if row is None:
        raise DomainError(WRONG_CODE, code="wrong-code")
    code_confirm(code_row=row, code=code)
    taken.give_back()
    SignInCode.objects.filter(pk=row.pk).update(used_at=timezone.now())
    return sighting_note(actor=actor, member=member, phone_index=index, how=how)


def sightings_by_codes(*, actor: Member, codes: Iterable[str], how: str) -> list[Member]:
    """Record that ``actor`` saw everyone whose phone shows one of ``codes``; return the members.

    Either all are recorded or none.
    """
    people = [shown_find(actor=actor, code=code) for code in codes]
    for person in people:
        _refuse_stranger(actor, person)
    with transaction.atomic():
        return [
            sighting_note(actor=actor, member=person, phone_index=person.phone_index, how=how)
            for person in sorted({person.pk: person for person in people}.values(), key=lambda one: one.pk)
        ]


def can_see_person(actor: Member, member: Member) -> bool:
    """The actor may confirm the person by a duty at the person's unit, above it or in its county.

    The role of the duty must include the right to view members.
    """
    unit = member.organization
    if unit is None or actor.pk == member.pk or not member.is_active or member.erased_at is not None:
        return False
    paths = [duty.organization.path for duty in actor.duties if allows(duty.role, Area.MEMBERS, Capability.VIEW)]
    if any(unit.path.startswith(path) for path in paths):
        return True
    around = county_path(unit)
    return any(path.startswith(around) for path in paths)


def _refuse_stranger(actor: Member, member: Member) -> None:
    if not can_see_person(actor, member):
        raise DomainError(
            _("Only staff of this unit, of a level above it or of another unit in its county can confirm this person."),
            code="not-yours",
        )


@transaction.atomic
def sighting_note(*, actor: Member, member: Member, phone_index: str, how: str = SightingMeans.CHECK_IN) -> Member:
    """Record that ``actor`` saw the person with this phone; two sightings confirm the person.

    Callers have checked that the phone was in the person's hand: it showed or received a code, or showed an admission
    ticket.
    """
    held = locks.hold(member)
    if actor.pk == held.pk:
        raise DomainError(_("You cannot confirm your own account."), code="own")
    outside, above = place_of(actor, held)
    Sighting.objects.update_or_create(
        member=held,
        phone_index=phone_index,
        seen_by=actor,
        defaults={"how": how, "from_outside": outside, "from_above": above},
    )
    audit_record(actor=actor, action="member.seen", about=held, data={"how": str(how), "outside": outside})
    if phone_index == held.phone_index and not held.is_proven and _is_seen_twice(held, phone_index):
        person_prove(held=held, means=ProofMeans.SEEN, actor=actor)
    return held


def place_of(actor: Member, member: Member) -> tuple[bool, bool]:
    """Return (from outside, from above): whether a duty of ``actor`` is beyond and above the unit.

    Outside is above the person's unit or at another organisation of its county. For people of the provincial
    federation, which has no organisation above it, any other duty there counts.
    """
    unit = member.organization
    if unit is None:
        return False, False
    paths = [duty.organization.path for duty in actor.duties]
    if unit.parent_id is None:
        there = unit.path in paths
        return there, there
    above = any(unit.path.startswith(path) and path != unit.path for path in paths)
    around = county_path(unit)
    outside = above or any(path.startswith(around) and not path.startswith(unit.path) for path in paths)
    return outside, above


def county_path(unit: Organization) -> str:
    """Return the path of the county of ``unit``, or of its city where it belongs to no county."""
    line = Organization.objects.filter(pk__in=[*unit.ancestor_ids, unit.pk]).order_by("path")
    levels: dict[Level, str] = {row.level: row.path for row in reversed(line)}
    return levels.get(Level.COUNTY) or levels.get(Level.CITY) or unit.path


def _is_seen_twice(held: Member, phone_index: str, *, needs: str = "from_outside") -> bool:
    """Return whether two independent members of staff saw the person with this phone, one from outside.

    A member of staff who handed over the link to the account could have opened it alone, and is not counted.
    """
    handed = held.invitations.filter(handed_by__isnull=False).values("handed_by")
    seen = Sighting.objects.filter(member=held, phone_index=phone_index, seen_by__is_active=True)
    rows = list(seen.exclude(seen_by__in=handed).select_related("seen_by"))
    return any(
        (getattr(one, needs) or getattr(other, needs)) and are_independent(one.seen_by, other.seen_by)
        for place, one in enumerate(rows)
        for other in rows[place + 1 :]
    )


def change_is_seen(change: PhoneChange) -> bool:
    """Return whether two members of staff saw the person with the new phone of ``change``.

    One of the two works above the unit.
    """
    return _is_seen_twice(change.member, change.phone_index, needs="from_above")


def seen_by(member: Member, phone_index: str) -> QuerySet[Sighting]:
    """Return the sightings of the person with this phone, the latest first."""
    return Sighting.objects.filter(member=member, phone_index=phone_index).select_related("seen_by").order_by("-pk")


def waiting_change(member: Member) -> PhoneChange | None:
    """Return the change of phone that waits for ``member``, or None."""
    return PhoneChange.objects.waiting().filter(member=member).select_related("proposed_by").first()


@transaction.atomic
def proof_dispute(*, actor: Member, member: Member, reason: str) -> Member:
    """Make an account provisional again and end its sessions, because another person is said to use it.

    The member and the security administrators are told; private pages close until the person is confirmed again. One
    member of staff may do this once a month for a person, all together three times.
    """
    held = locks.hold(member)
    if not can_dispute(actor, held):
        raise DomainError(_("You may not settle this: the level above this person does it."), code="not-yours")
    if not held.is_proven and held.login_key is None:
        raise DomainError(_("This person has no account yet."), code="no-account")
    # A report needs no proof and closes a person's pages, so repeated reports could keep the person out.
    limits.take(
        limits.Limit("dispute.actor", f"{actor.pk}.{held.pk}", DISPUTES_BY_ACTOR, MONTH),
        limits.Limit("dispute", str(held.pk), DISPUTES_OF_PERSON, MONTH),
        message=DISPUTED,
    )
    Sighting.objects.filter(member=held, phone_index=held.phone_index).delete()
    held.proven_at, held.proof = None, ""
    held.session_epoch += 1
    held.session_key = ""
    held.save(update_fields=["proven_at", "proof", "session_epoch", "session_key"])
    audit_record(actor=actor, action="member.dispute", about=held, fields=["proven_at"], note=reason)
    account_tell(member=held, kind="members.disputed")
    proof_alarm(member=held)
    return held
