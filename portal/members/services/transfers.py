"""Transfers of a member from another unit: requested, confirmed, rejected, withdrawn, expired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS
from portal.core.services import steps_of
from portal.core.text import clean_prose
from portal.members.choices import IdentityKind, TransferState, VouchingState
from portal.members.identity import read_identity
from portal.members.models import Appointment, Duty, Member, Transfer, Vouching
from portal.members.rules import can_end_duty
from portal.members.selectors import holders
from portal.members.services.appointments import appointments_end
from portal.members.services.duties import duty_end
from portal.members.services.following import people_changed
from portal.members.services.people import identity_index_of
from portal.messaging.choices import Channel
from portal.messaging.services.messages import message_post, messages_post
from portal.organizations.selectors import working_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from portal.organizations.models import Organization

CLOCK = Clock("members.transfers")
ASKED_A_DAY = 30
ASKED_OF_ONE_A_DAY = 3
DAY = 24 * 3600
REASON = _("Transfer to another unit")


def person_elsewhere(identity_number: str, organization: Organization) -> Member | None:
    """Return the person with this identity number on another organisation's roster, or None."""
    index = identity_index_of(IdentityKind.RESIDENT, identity_number)
    return Member.objects.filter(identity_index=index).exclude(organization=organization).first()


def transfer_ask(
    *, actor: Member, organization: Organization, identity_number: str, vouching: Vouching | None = None
) -> Transfer:
    """Request a member on another roster by identity number; the member and the other unit are told.

    The requester learns nothing about the member except that the portal knows them. Thirty requests a day are allowed,
    so that nobody can try out numbers.
    """
    limits.consume("transfer.ask", str(actor.pk), limit=ASKED_A_DAY, seconds=DAY)
    number = read_identity(identity_number, today=timezone.localdate(), demo=settings.ALLOW_DEMO_PEOPLE).number
    if organization.closed_on is not None:
        raise DomainError(_("This unit is closed."), code="closed")
    with transaction.atomic():
        known = person_elsewhere(number, organization)
        if known is None:
            raise DomainError(
                _("No other unit has this number on its roster. If the person is not on your roster yet, add them."),
                code="unknown",
            )
        if known.pk == actor.pk:
            raise DomainError(
                _("You cannot request your own transfer: a colleague or the level above must do it."), code="own"
            )
        # Counted inside the transaction, so that refused requests do not count; each request sends the member a text
        # message.
        limits.take(limits.Limit("transfer.person", f"{actor.pk}.{known.pk}", ASKED_OF_ONE_A_DAY, DAY))
        row = Transfer(
            organization=organization,
            from_organization=known.organization,
            member=known,
            vouching=vouching,
            asked_by=actor,
            due_on=due_on(timezone.localdate()),
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise DomainError(_("Your unit has already requested the transfer of this person."), code="asked") from None
        audit_record(actor=actor, action="transfer.ask", about=row)
        _tell_of_request(row)
    return row


def transfer_ask_for(*, actor: Member, vouching: Vouching) -> Transfer:
    """Request the transfer of a person who asked this unit to vouch for them and is on another roster."""
    if vouching.state != VouchingState.ASKED or not vouching.identity_number:
        raise DomainError(_("This request has already been answered."), code="answered")
    return transfer_ask(
        actor=actor,
        organization=vouching.organization,
        identity_number=vouching.identity_number,
        vouching=vouching,
    )


def due_on(day: date) -> date:
    """Return the last working day for the decision on a transfer requested on ``day``."""
    return working_calendar().add_working_days(day, settings.TRANSFER_WORKING_DAYS).day


def _keepers(row: Transfer) -> list[Member]:
    """Return the editors of the roster that is left, there or above, but not the requester.

    The member is left out as well.
    """
    if row.from_organization is None:
        return []
    but = {pk for pk in (row.asked_by_id, row.member_id) if pk is not None}
    return holders(Area.MEMBERS, Capability.EDIT, row.from_organization, but=but)


def _tell_of_request(row: Transfer) -> None:
    context = {"due": row.due_on.isoformat()}
    messages_post(
        kind="members.transfer_asked",
        recipients=[(keeper, context) for keeper in _keepers(row)],
        about=row,
        url=row.get_absolute_url(),
    )
    if row.member.login_key:
        message_post(
            kind="members.transfer_yours",
            to=row.member,
            about=row,
            context={"organization": row.organization.name, **context},
            url=row.get_absolute_url(),
            channels=(Channel.IN_APP, Channel.SMS),
        )


def _tell_asker(row: Transfer) -> None:
    if row.asked_by is not None:
        message_post(
            kind="members.transfer_settled",
            to=row.asked_by,
            about=row,
            context={"number": row.pk, "state": str(row.state)},
            url=row.get_absolute_url(),
        )


@transaction.atomic
def transfer_confirm(*, transfer: Transfer, actor: Member) -> Transfer:
    """Move the member to the new roster; duties at the old unit end, and the new unit must vouch anew."""
    target = locks.hold(transfer.organization)
    member = locks.hold_without_key(transfer.member)
    if target.closed_on is not None:
        raise DomainError(_("The requesting unit was closed in the meantime."), code="closed")
    if transfer.is_open and (member.erased_at or member.organization_id != transfer.from_organization_id):
        raise DomainError(_("This person is no longer on the roster that the request was about."), code="moved")
    row = advance(transfer, TransferState.CONFIRMED, actor=actor, decided_by=actor, decided_at=timezone.now())
    duties = _duties_left(row)
    _refuse_to_end(duties, member, actor)
    ended = _end_duties(row, duties, actor)
    member.organization = target
    member.standing_until = timezone.localdate()
    member.version += 1
    fields = ["organization", "standing_until", "version"]
    member.save(update_fields=fields)
    data = {"transfer": row.pk, "from": row.from_organization_id, "to": target.pk, "duties": ended}
    audit_record(actor=actor, action="member.transfer", about=member, fields=fields, data=data)
    people_changed(members=[member])
    for other in Transfer.objects.waiting().filter(member=member).select_related("asked_by", "organization"):
        _tell_asker(advance(other, TransferState.EXPIRED, actor=CLOCK))
    _tell_asker(row)
    if actor.pk != member.pk:
        message_post(
            kind="members.transfer_done",
            to=member,
            about=row,
            context={"organization": target.name},
            url=row.get_absolute_url(),
        )
    else:
        messages_post(
            kind="members.transfer_left",
            recipients=[(keeper, {"number": row.pk}) for keeper in _keepers(row)],
            about=row,
            url=row.get_absolute_url(),
        )
    return row


def _duties_left(row: Transfer) -> list[Duty]:
    """Return the member's duties at the unit that is left and below it; other duties are not the unit's."""
    if row.from_organization is None:
        return []
    held = Duty.objects.not_over().filter(
        member_id=row.member_id, organization__path__startswith=row.from_organization.path
    )
    return list(held.select_related("organization").order_by("pk"))


def _refuse_to_end(duties: Iterable[Duty], member: Member, actor: Member) -> None:
    """Refuse a transfer that would end a duty which ``actor`` may not end otherwise.

    An editor of a roster does not appoint, and nobody ends an administrator's duty alone, not even its holder.
    """
    if any(duty.role in ADMINISTRATORS for duty in duties):
        raise DomainError(_("This person is an administrator. Hand over that duty first."), code="administrator")
    if actor.pk != member.pk and not all(can_end_duty(actor, duty) for duty in duties):
        raise DomainError(
            _("This person holds a duty here: the person must confirm it, or somebody who may assign that duty."),
            code="duty",
        )


def _end_duties(row: Transfer, duties: Sequence[Duty], actor: Member) -> int:
    if row.from_organization is None:
        return 0
    for duty in duties:
        duty_end(actor=actor, duty=duty, reason=str(REASON))
    appointments_end(
        Appointment.objects.filter(member_id=row.member_id, organization__path__startswith=row.from_organization.path)
    )
    return len(duties)


@transaction.atomic
def transfer_refuse(*, transfer: Transfer, actor: Member, reason: str) -> Transfer:
    """Reject the request, with a reason that the requesting unit reads."""
    row = advance(
        transfer,
        TransferState.REFUSED,
        actor=actor,
        decided_by=actor,
        decided_at=timezone.now(),
        reason=clean_prose(reason),
    )
    _tell_asker(row)
    return row


def transfer_withdraw(*, transfer: Transfer, actor: Member) -> Transfer:
    """Withdraw the request, for the requesting unit."""
    return advance(transfer, TransferState.WITHDRAWN, actor=actor, decided_by=actor, decided_at=timezone.now())


def transfers_expire() -> int:
    """Expire requests that nobody decided in time, each in its own transaction; return how many."""
    over = Transfer.objects.waiting().filter(due_on__lt=timezone.localdate()).select_related("asked_by", "organization")
    done = 0
    with steps_of("members.transfers") as steps:
        for row in over.order_by("pk")[:500]:
            with steps.one(row):
                try:
                    row = advance(row, TransferState.EXPIRED, actor=CLOCK)
                except DomainError:
                    continue
                _tell_asker(row)
                done += 1
    return done
