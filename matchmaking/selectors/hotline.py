"""Selectors for the hotline: figures, and the organisations a ticket may go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from matchmaking.choices.hotline import OPEN_TICKETS, TicketKind
from portal.core.choices import Area, Capability
from portal.core.querysets import within
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.hotline import TicketQuerySet
    from portal.members.models import Member


def ticket_figures(tickets: TicketQuerySet) -> list[tuple[StrOrPromise, int, int]]:
    """Return (label, tickets, still open) for each kind of ticket among ``tickets``."""
    rows = tickets.order_by().values("kind").annotate(n=Count("pk"), left=Count("pk", filter=Q(state__in=OPEN_TICKETS)))
    found = {row["kind"]: row for row in rows.values("kind", "n", "left")}
    nothing = {"n": 0, "left": 0}
    return [(kind.label, found.get(kind, nothing)["n"], found.get(kind, nothing)["left"]) for kind in TicketKind]


def ticket_places(actor: Member, *, caller_unit: Organization | None = None) -> QuerySet[Organization]:
    """Return the organisations to which ``actor`` may give a ticket.

    These are federations in the actor's reach and organisations above the actor's own; never the caller's unit or an
    organisation below it.
    """
    paths = actor.reach(Area.MATCHMAKING, Capability.EDIT)
    reached = within(paths, "path")
    if reached is None:
        return Organization.objects.none()
    above = {pk for path in paths for pk in path.strip("/").split("/")}
    places = Organization.objects.filter(
        (reached & ~Q(kind=OrganizationKind.GRASSROOTS)) | Q(pk__in=above), closed_on=None
    )
    if caller_unit is not None:
        places = places.exclude(path__startswith=caller_unit.path)
    return places.order_by("path")
