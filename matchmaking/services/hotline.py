"""Services for the hotline: a ticket is logged, answered in time or transferred.

A ticket never goes to the caller's own unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.hotline import OPEN_TICKETS, TicketState
from matchmaking.models import HotlineTicket
from matchmaking.promises import TICKET_CLOSE
from matchmaking.services.promises import by_retention, keeps
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.deadlines.services import deadline_day, deadline_meet, deadline_move, deadline_start
from portal.members.selectors import holders
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.members.models import Member
    from portal.organizations.models import Organization

TOLD = 5
CLOCK = "matchmaking.ticket"
_closed = keeps(TICKET_CLOSE, {"tickets-emptied": by_retention})


def may_lie_at(organization: Organization, caller_unit: Organization | None) -> bool:
    """Return whether a ticket from ``caller_unit`` may be at ``organization``: not there or below.

    A ticket is read at its organisation or from above, so the caller's own unit never reads it.
    """
    return caller_unit is None or not organization.path.startswith(caller_unit.path)


def _check_route(organization: Organization, caller_unit: Organization | None) -> None:
    if not may_lie_at(organization, caller_unit):
        raise DomainError(
            _("A ticket cannot be answered by the caller's own unit. Choose the level above it."), code="own-unit"
        )


@transaction.atomic
def ticket_log(
    *,
    actor: Member,
    organization: Organization,
    kind: str,
    subject: str,
    words: str,
    caller: str = "",
    caller_phone: str = "",
    caller_unit: Organization | None = None,
) -> HotlineTicket:
    """Create a ticket for a call; the caller need not give a name.

    If the ticket is at another organisation, the staff who handle it there are notified.
    """
    _check_route(organization, caller_unit)
    today = timezone.localdate()
    (pk,) = reserve_pks(HotlineTicket)
    ticket = HotlineTicket(
        pk=pk,
        organization=organization,
        kind=kind,
        subject=subject,
        words=words,
        caller=caller,
        caller_phone=caller_phone,
        caller_unit=caller_unit,
        due_on=deadline_day(CLOCK, on=today).day,
        taken_by=actor,
    )
    ticket.full_clean(exclude=["organization", "caller_unit", "taken_by"])
    ticket.save(force_insert=True)
    deadline_start(about=ticket, code=CLOCK, on=today)
    audit_record(actor=actor, action="ticket.log", about=ticket)
    if not actor.can(Area.MATCHMAKING, Capability.EDIT, organization.path):
        _tell_holders(ticket, "matchmaking.ticket_transferred", but=actor)
    return ticket


def _tell(ticket: HotlineTicket, members: Iterable[Member], kind: str) -> None:
    messages_post(
        kind=kind,
        recipients=[(member, {"number": ticket.pk}) for member in members],
        about=ticket,
        url=ticket.get_absolute_url(),
    )


def _tell_holders(ticket: HotlineTicket, kind: str, *, but: Member) -> None:
    found = holders(Area.MATCHMAKING, Capability.EDIT, ticket.organization, but={but.pk})
    _tell(ticket, found[:TOLD], kind)


@transaction.atomic
def ticket_assign(*, ticket: HotlineTicket, actor: Member, handler: Member) -> HotlineTicket:
    """Assign an open ticket to a member who works at its organisation or above, and notify them."""
    held = locks.hold(ticket)
    if held.state not in OPEN_TICKETS:
        raise DomainError(_("This ticket has already been answered."), code="answered")
    if handler not in holders(Area.MATCHMAKING, Capability.EDIT, held.organization):
        raise DomainError(_("This person does not work on matchmaking here or above."), code="no-holder")
    held.handler = handler
    held.save(update_fields=["handler"])
    audit_record(actor=actor, action="ticket.assign", about=held, fields=["handler"], data={"handler": handler.pk})
    if handler.pk != actor.pk:
        _tell(held, [handler], "matchmaking.ticket_assigned")
    return held


def ticket_take(*, ticket: HotlineTicket, actor: Member) -> HotlineTicket:
    """Assign an open ticket to the actor."""
    return ticket_assign(ticket=ticket, actor=actor, handler=actor)


@transaction.atomic
def ticket_transfer(*, ticket: HotlineTicket, actor: Member, organization: Organization, reason: str) -> HotlineTicket:
    """Transfer an open ticket to another organisation and notify its staff; the due day stays."""
    held = locks.hold(ticket)
    if held.organization_id == organization.pk:
        raise DomainError(_("The ticket is already with this organisation."), code="same-place")
    _check_route(organization, held.caller_unit)
    held = advance(held, TicketState.TRANSFERRED, actor=actor, note=reason, organization=organization, handler=None)
    deadline_move(about=held, code=CLOCK)
    _tell_holders(held, "matchmaking.ticket_transferred", but=actor)
    return held


@transaction.atomic
def ticket_answer(*, ticket: HotlineTicket, actor: Member, answer: str) -> HotlineTicket:
    """Record the answer given to the caller; the deadline is met."""
    held = advance(ticket, TicketState.ANSWERED, actor=actor, answer=answer, answered_at=timezone.now())
    deadline_meet(about=held, code=CLOCK, actor=actor)
    return held


def ticket_close(*, ticket: HotlineTicket, actor: Member) -> HotlineTicket:
    """Close an answered ticket; its texts are deleted a year later."""
    row = advance(ticket, TicketState.CLOSED, actor=actor, closed_at=timezone.now())
    _closed(row)
    return row


@transaction.atomic
def ticket_reopen(*, ticket: HotlineTicket, actor: Member, reason: str) -> HotlineTicket:
    """Reopen an answered or closed ticket with a new due day; refused once its texts are deleted."""
    held = locks.hold(ticket)
    if not held.words:
        raise DomainError(_("The content of this ticket has been deleted; create a new ticket."), code="purged")
    today = timezone.localdate()
    due = deadline_day(CLOCK, on=today).day
    held = advance(held, TicketState.OPEN, actor=actor, note=reason, due_on=due, answered_at=None, closed_at=None)
    deadline_start(about=held, code=CLOCK, on=today)
    return held
