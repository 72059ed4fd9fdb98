"""Vouching of a unit for a person: requested, granted, rejected, renewed, expired."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.services import steps_of
from portal.core.text import clean_line, clean_prose
from portal.members.backends import login_key_of_phone
from portal.members.choices import CodePurpose, IdentityKind, VouchingState
from portal.members.identity import read_identity
from portal.members.models import Member, SignInCode, Vouching
from portal.members.rules import open_duties
from portal.members.services.numbers import phone_write
from portal.members.services.people import identity_index_of, member_create, phone_refuse_taken
from portal.messaging.choices import Channel
from portal.messaging.services.messages import message_post
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization

CLOCK = Clock("members.standing")
CODE_HOLDS = datetime.timedelta(minutes=30)
UNITS_SHOWN = 20
DAY = 24 * 3600
ERASED: dict[str, Any] = {"name": None, "identity_number": None, "phone": None}


def units_found(words: str, *, key: str) -> list[Organization]:
    """Return open grassroots units whose name contains ``words``, at most twenty.

    Thirty searches an hour are allowed for ``key``.
    """
    limits.consume("unit.search", key, limit=30, seconds=3600)
    words = clean_line(words)
    if len(words) < 2:
        return []
    units = Organization.objects.filter(kind=OrganizationKind.GRASSROOTS, closed_on=None, name__contains=words)
    return list(units.select_related("parent").order_by("pinyin", "pk")[:UNITS_SHOWN])


def vouching_of_code(code_row: SignInCode) -> Vouching | None:
    """Return the latest vouching request from the confirmed phone of ``code_row``, or None."""
    asked = Vouching.objects.filter(phone_index=code_row.phone_index)
    return asked.select_related("organization").order_by("-pk").first()


def vouching_ask(*, code_row: SignInCode, organization: Organization, name: str, identity_number: str) -> Vouching:
    """Ask a grassroots unit to vouch for the person with the confirmed phone of ``code_row``.

    Three requests a day are allowed. The answer does not reveal whether the portal knows the identity number; only the
    unit sees that.
    """
    identity = read_identity(identity_number, today=timezone.localdate(), demo=settings.ALLOW_DEMO_PEOPLE)
    if organization.kind != OrganizationKind.GRASSROOTS or organization.closed_on is not None:
        raise DomainError(_("Choose the grassroots union of your unit."), code="no-unit")
    with transaction.atomic():
        row = locks.hold(SignInCode(pk=code_row.pk))
        late = row.confirmed_at is None or row.confirmed_at < timezone.now() - CODE_HOLDS
        if row.purpose != CodePurpose.SIGN_IN or late:
            raise DomainError(_("Confirm your number again: the last confirmation was too long ago."), code="no-code")
        if Vouching.objects.waiting().filter(phone_index=row.phone_index).exists():
            raise DomainError(_("You have already sent a request to a unit; it has not answered yet."), code="asked")
        # Counted last and inside the transaction, so that a refused request reaches no unit and uses up none of the
        # three.
        limits.take(limits.Limit("vouching.ask", row.phone_index, 3, DAY))
        (pk,) = reserve_pks(Vouching)
        vouching = Vouching.objects.create(
            pk=pk,
            organization=organization,
            name=name,
            identity_number=identity.number,
            phone=row.phone,
            phone_index=row.phone_index,
        )
        audit_record(actor=None, action="vouching.ask", about=vouching)
    return vouching


def _held_asked(vouching: Vouching) -> tuple[Organization, Vouching]:
    organization = locks.hold(vouching.organization)
    held = locks.hold(vouching)
    if held.state != VouchingState.ASKED:
        raise DomainError(_("This request has already been answered."), code="answered")
    return organization, held


@transaction.atomic
def vouching_grant(*, actor: Member, vouching: Vouching, until: datetime.date) -> Vouching:
    """Vouch for the person until ``until``, with a new roster entry or one without an account.

    The account is provisional, as after any first activation. The typed data is erased from the request, because the
    roster entry holds it now.
    """
    _refuse_dates(until)
    organization, held = _held_asked(vouching)
    member = _entry_of(actor, organization, held)
    if member.pk == actor.pk:
        raise DomainError(_("You cannot vouch for yourself."), code="own")
    now = timezone.now()
    assert held.phone is not None
    phone_refuse_taken(held.phone, but=member)
    fields = [*phone_write(member, held.phone, confirmed=True), "activated_at", "standing_until"]
    member.activated_at = now
    member.standing_until = until
    member.save(update_fields=fields)
    audit_record(actor=actor, action="member.vouch", about=member, fields=fields, data={"vouching": held.pk})
    held = advance(
        held, VouchingState.VOUCHED, actor=actor, member=member, decided_by=actor, decided_at=now, until=until, **ERASED
    )
    message_post(
        kind="members.vouched",
        to=member,
        about=held,
        context={"organization": organization.name, "until": until.isoformat()},
        channels=(Channel.IN_APP, Channel.SMS),
    )
    return held


def _entry_of(actor: Member, organization: Organization, held: Vouching) -> Member:
    """Return the locked roster entry of the person who asked; create it where the unit has none."""
    # These fields are erased only with the decision.
    assert held.name is not None
    assert held.identity_number is not None
    assert held.phone is not None
    if Member.objects.filter(login_key=login_key_of_phone(held.phone)).exists():
        raise DomainError(
            _("This mobile number has an account by now, which can be used to sign in."), code="has-account"
        )
    index = identity_index_of(IdentityKind.RESIDENT, held.identity_number)
    known = Member.objects.filter(identity_index=index).first()
    if known is None:
        identity = read_identity(held.identity_number, today=timezone.localdate(), demo=settings.ALLOW_DEMO_PEOPLE)
        made = member_create(
            actor=actor,
            organization=organization,
            name=held.name,
            sex=identity.sex,
            identity_kind=IdentityKind.RESIDENT,
            identity_number=identity.number,
            phone=held.phone,
        )
        return locks.hold(made)
    if known.organization_id != organization.pk:
        raise DomainError(
            _("A person with this identity number is registered in another unit. Request a transfer instead."),
            code="elsewhere",
        )
    entry = locks.hold(known)
    if entry.activated_at is not None or not entry.is_active:
        raise DomainError(
            _(
                "This person has an account with another number. Reject this request, and propose "
                "the new number on the person's entry."
            ),
            code="known",
        )
    if open_duties(entry) or entry.appointments.filter(state="waiting").exists():
        raise DomainError(
            _(
                "A duty is pending for this person, so the level above must settle the number. "
                "Reject this request and ask the level above."
            ),
            code="duty",
        )
    return entry


def _refuse_dates(until: datetime.date) -> None:
    today = timezone.localdate()
    if not today < until <= today + datetime.timedelta(days=settings.STANDING_DAYS_MOST):
        raise DomainError(
            _("A unit can vouch until tomorrow at the earliest, and for three years at most."), code="dates"
        )


@transaction.atomic
def vouching_refuse(*, actor: Member, vouching: Vouching, reason: str) -> Vouching:
    """Reject a request, with a reason that the person reads at the next sign-in; the typed data is erased."""
    _organization, held = _held_asked(vouching)
    return advance(
        held,
        VouchingState.REFUSED,
        actor=actor,
        decided_by=actor,
        decided_at=timezone.now(),
        reason=clean_prose(reason),
        **ERASED,
    )


@transaction.atomic
def standing_prolong(*, actor: Member, member: Member, until: datetime.date) -> Vouching:
    """Vouch for a member on the roster until ``until``; this replaces the earlier vouching."""
    _refuse_dates(until)
    if member.pk == actor.pk:
        raise DomainError(_("You cannot vouch for yourself."), code="own")
    assert member.organization is not None
    organization = locks.hold(member.organization)
    held = locks.hold(member)
    made = Vouching.objects.create(organization=organization, member=held)
    made = advance(made, VouchingState.VOUCHED, actor=actor, decided_by=actor, decided_at=timezone.now(), until=until)
    held.standing_until = until
    held.save(update_fields=["standing_until"])
    audit_record(actor=actor, action="member.vouch", about=held, fields=["standing_until"], data={"vouching": made.pk})
    return made


def vouchings_expire() -> int:
    """Expire requests that no unit has answered and vouchings that have run out; return how many.

    Each is handled in a transaction of its own; a second run changes nothing. Members are told when their standing has
    run out.
    """
    now, today = timezone.now(), timezone.localdate()
    unanswered = Vouching.objects.waiting().filter(asked_at__lt=now - datetime.timedelta(days=settings.VOUCHING_DAYS))
    over = Vouching.objects.filter(state=VouchingState.VOUCHED, until__lte=today)
    done = 0
    with steps_of("members.vouchings") as steps:
        for row in [*unanswered.order_by("pk")[:500], *over.select_related("member").order_by("pk")[:500]]:
            with steps.one(row):
                held = locks.hold(row)
                if held.state != row.state:
                    continue
                asked = held.state == VouchingState.ASKED
                advance(held, VouchingState.EXPIRED, actor=CLOCK, **(ERASED if asked else {}))
                if not asked and row.member.standing_until == row.until:
                    message_post(kind="members.standing_over", to=row.member, about=held)
                done += 1
    return done
