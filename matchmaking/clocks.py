"""The deadlines of matchmaking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from matchmaking.models import HotlineTicket
from portal.core.calendar import LONGEST
from portal.core.choices import Area, Capability
from portal.deadlines.choices import Unit
from portal.deadlines.clock import Clock
from portal.members.selectors import holders
from portal.organizations.selectors import legal_count

if TYPE_CHECKING:
    from datetime import date

    from matchmaking.querysets.hotline import TicketQuerySet
    from portal.members.models import Member
    from portal.organizations.models import Organization


def ticket_days(on: date) -> int:
    """Return the working days within which a call of ``on`` is answered."""
    return legal_count("matchmaking.ticket_working_days", on=on, most=LONGEST)


def tickets_waiting(actor: Member) -> TicketQuerySet:
    """Return the open tickets assigned to the actor, and the unassigned ones at the actor's own organisations.

    Tickets of organisations below are shown to the actor only as counts.
    """
    own = Q(handler=actor) | Q(handler=None, organization__path__in=actor.reach(Area.MATCHMAKING, Capability.EDIT))
    return HotlineTicket.objects.visible_to(actor).open().filter(own)


def ticket_staff(ticket: HotlineTicket) -> list[Member]:
    """Return the handler of a ticket or, without one, the nearest staff who may answer it."""
    if ticket.handler is not None:
        return [ticket.handler]
    return list(holders(Area.MATCHMAKING, Capability.EDIT, ticket.organization))


def staff_above(ticket: HotlineTicket, organization: Organization) -> list[Member]:
    """Return the staff of matchmaking at the organisation above."""
    return list(holders(Area.MATCHMAKING, Capability.EDIT, organization))


CLOCKS = [
    Clock(
        code="matchmaking.ticket",
        model=HotlineTicket,
        name=_("Hotline ticket"),
        unit=Unit.WORKING_DAYS,
        amount=ticket_days,
        source=_("Counted by the working-day calendar"),
        open=HotlineTicket.objects.open,
        seen_by=HotlineTicket.objects.visible_to,
        waiting=tickets_waiting,
        told=ticket_staff,
        above=staff_above,
        organization="organization",
        area=Area.MATCHMAKING,
        related=("organization", "handler"),
        title=lambda ticket: _g("Answer hotline ticket no. %(number)s") % {"number": ticket.pk},
        icon="headset",
        due_kind="matchmaking.ticket_due",
        overdue_kind="matchmaking.ticket_overdue",
    )
]
