"""Taking a person over from another unit: asked for, confirmed, refused, taken back, run out."""

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
    """Return the person with this number on another roster than ``organization``'s, or None."""
    index = identity_index_of(IdentityKind.RESIDENT, identity_number)
    return Member.objects.filter(identity_index=index).exclude(organization=organization).first()


def transfer_ask(
    *, actor: Member, organization: Organization, identity_number: str, vouching: Vouching | None = None
) -> Transfer:
    """Ask for the person with this number, who stands on another roster; she and that unit are told.

    Who asks learns nothing of her but that she is known. Thirty a day at most, so that nobody tries numbers out.
    """
    limits.consume("transfer.ask", str(actor.pk), limit=ASKED_A_DAY, seconds=DAY)
    number = read_identity(identity_number, today=timezone.localdate(), demo=settings.ALLOW_DEMO_PEOPLE).number
    if organization.closed_on is not None:
        raise DomainError(_("This unit is closed."), code="closed")
    with transaction.atomic():
        known = person_elsewhere(number, organization)
        if known is None:
            raise DomainError(
                _("No other unit has this number on its roster: add the person to yours, if she is not there yet."),
                code="unknown",
            )
        if known.pk == actor.pk:
            raise DomainError(_("Nobody asks for herself: a colleague or the level above does."), code="own")
        # Inside, so that what is refused counts nowhere: the person gets a text message of each.
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
            raise DomainError(_("Your unit has asked for this person already."), code="asked") from None
        audit_record(actor=actor, action="transfer.ask", about=row)
        _tell_of_request(row)
    return row


def transfer_ask_for(*, actor: Member, vouching: Vouching) -> Transfer:
    """Ask for the person who asked this unit to vouch for her and stands on another roster."""
    if vouching.state != VouchingState.ASKED or not vouching.identity_number:
        raise DomainError(_("This has been answered already."), code="answered")
    return transfer_ask(
        actor=actor,
        organization=vouching.organization,
        identity_number=vouching.identity_number,
        vouching=vouching,
    )


def due_on(day: date) -> date:
    """Return the last working day on which a transfer asked for on ``day`` may be decided."""
    return working_calendar().add_working_days(day, settings.TRANSFER_WORKING_DAYS).day


def _keepers(row: Transfer) -> list[Member]:
    """Whoever edits the roster she leaves, there or above; not who asks."""
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
    """Move the person: she stands on the new roster, duties at the old unit end, her standing must be vouched anew."""
    target = locks.hold(transfer.organization)
    member = locks.hold_without_key(transfer.member)
    if target.closed_on is not None:
        raise DomainError(_("The unit that asks was closed meanwhile."), code="closed")
    if transfer.is_open and (member.erased_at or member.organization_id != transfer.from_organization_id):
        raise DomainError(_("She is no longer on the roster it was asked of."), code="moved")
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
    """Return what she holds at the unit she leaves and below; what she holds above or elsewhere is not the unit's."""
    if row.from_organization is None:
        return []
    held = Duty.objects.not_over().filter(
        member_id=row.member_id, organization__path__startswith=row.from_organization.path
    )
    return list(held.select_related("organization").order_by("pk"))


def _refuse_to_end(duties: Iterable[Duty], member: Member, actor: Member) -> None:
    """Refuse a move that would end a duty which ``actor`` could not end otherwise.

    Who edits a roster does not appoint, and nobody ends an administrator's duty alone, not even the person.
    """
    if any(duty.role in ADMINISTRATORS for duty in duties):
        raise DomainError(_("She is an administrator: hand that duty over first."), code="administrator")
    if actor.pk != member.pk and not all(can_end_duty(actor, duty) for duty in duties):
        raise DomainError(
            _("This person holds a duty here: they confirm it themselves, or whoever gives that duty does."),
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
    """Refuse, with a reason that the unit that asks reads."""
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
    """Take a request back, for the unit that asked."""
    return advance(transfer, TransferState.WITHDRAWN, actor=actor, decided_by=actor, decided_at=timezone.now())


def transfers_expire() -> int:
    """Let requests nobody decided in time run out, each in a transaction of its own; return how many did."""
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
