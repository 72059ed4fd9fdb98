"""Services for events on demand (订单式).

Units and singles ask, organisers merge, attach or decline demands, and the people who asked are notified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import EventState
from matchmaking.models import EventDemand, MatchEvent
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.messages import message_post, messages_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matchmaking.querysets.demands import DemandQuerySet
    from portal.members.models import Member
    from portal.organizations.models import Organization

# States in which an event still accepts demands.
TAKING = (EventState.DRAFT, EventState.RETURNED, EventState.SUBMITTED, EventState.APPROVED, EventState.PUBLISHED)
OPEN_AT_ONCE = 5


@transaction.atomic
def demand_create(*, actor: Member, organization: Organization, for_unit: bool, **fields: Any) -> EventDemand:
    """Create a demand for an event: by a single for themselves, or by staff for their unit.

    A single has at most five open demands at a time.
    """
    if not for_unit:
        locks.hold(actor)
        if EventDemand.objects.own(actor).filter(state=DemandState.OPEN).count() >= OPEN_AT_ONCE:
            raise DomainError(
                _("You have %(count)s open demands. Withdraw one first.") % {"count": OPEN_AT_ONCE}, code="too-many"
            )
        fields["people"] = 1
    row = EventDemand(organization=organization, asked_by=actor, on_behalf_of_unit=for_unit, **fields)
    row.full_clean(exclude=["organization", "asked_by"])
    row.save(force_insert=True)
    audit_record(actor=actor, action="demand.create", about=row)
    return row


def demand_withdraw(*, actor: Member, demand: EventDemand) -> EventDemand:
    """Withdraw a demand that is still open."""
    return advance(demand, DemandState.WITHDRAWN, actor=actor)


@transaction.atomic
def demands_attach(*, actor: Member, demands: DemandQuerySet, event: MatchEvent) -> list[EventDemand]:
    """Attach ``demands`` to ``event``, which answers them.

    The people who asked are notified when the event is published, or at once if it already is.
    """
    event = locks.hold(event)
    if event.state not in TAKING:
        raise DomainError(_("This event accepts no more demands: its sign-up is closed."), code="too-late")
    rows = [advance(row, DemandState.PLANNED, actor=actor, event=event) for row in locks.hold_all(demands)]
    if event.state == EventState.PUBLISHED:
        _tell_published(event, rows)
    return rows


@transaction.atomic
def demand_decline(*, actor: Member, demand: EventDemand, answer: str) -> EventDemand:
    """Decline a demand with an answer; the person who asked is notified."""
    row = advance(demand, DemandState.DECLINED, actor=actor, note=answer, answer=answer)
    message_post(kind="matchmaking.demand_declined", to=row.asked_by, about=row, context={"answer": answer})
    return row


def demand_reopen(*, actor: Member, demand: EventDemand) -> EventDemand:
    """Reopen a demand."""
    return advance(demand, DemandState.OPEN, actor=actor, event=None, answer="")


def demands_tell(*, event: MatchEvent) -> None:
    """Notify the people who asked that the event is published; of a restricted one only those invited."""
    rows = event.demands.filter(state=DemandState.PLANNED).select_related("asked_by__organization")
    _tell_published(event, rows)


def _tell_published(event: MatchEvent, rows: Iterable[EventDemand]) -> None:
    people = {row.asked_by_id: row.asked_by for row in rows}
    messages_post(
        kind="matchmaking.demand_published",
        recipients=[
            (member, {"title": event.title})
            for member in people.values()
            if not event.restricted or event.invites(member)
        ],
        about=event,
        url=event.get_member_url(),
    )


def demands_free(*, event: MatchEvent, actor: Member) -> None:
    """Reopen the demands of an event that will not take place."""
    for row in locks.hold_all(event.demands.filter(state=DemandState.PLANNED)):
        advance(row, DemandState.OPEN, actor=actor, event=None)


@transaction.atomic
def erase_demands(*, member: Member) -> int:
    """Erase what a person wished for: withdraw open demands and empty the texts of all."""
    own = EventDemand.objects.own(member).filter(on_behalf_of_unit=False)
    for row in locks.hold_all(own.filter(state=DemandState.OPEN)):
        advance(row, DemandState.WITHDRAWN, actor=member)
    return own.update(wish="", answer="")
