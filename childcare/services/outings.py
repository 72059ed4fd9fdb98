"""Services of outings and rides: the roll-call when the children leave, and when they are back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.models import Outing, OutingChild
from childcare.services.days import held_day, moment_of
from portal.audit.services import audit_record, row_create
from portal.core import locks
from portal.core.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from childcare.models import ClassDay
    from portal.members.models import Member


@transaction.atomic
def outing_begin(*, actor: Member, day: ClassDay, kind: str, title: str) -> Outing:
    """Begin an outing with the children who are here; each is counted when it leaves and when it is back."""
    held = held_day(day)
    rows = list(held.rows.current().here())
    if not rows:
        raise DomainError(_("No child is here now."), code="nobody")
    outing = row_create(actor=actor, row=Outing(day=held, kind=kind, title=title), action="outing.create")
    OutingChild.objects.bulk_create([OutingChild(outing=outing, attendance=row) for row in rows])
    return outing


@transaction.atomic
def outing_mark(*, actor: Member, child: OutingChild, to: str, at: datetime | None = None) -> OutingChild:
    """Count a child: ``to`` is "out" when it leaves with the others, "back" when it is back, "stays" for a mistake.

    A tap that arrives twice changes nothing. Nobody is back who did not leave.
    """
    held_day(child.outing.day)
    held = locks.hold(child)
    moment = moment_of(at, held.outing.day)
    if held.outing.ended_at is not None:
        raise DomainError(_("This outing has ended."), code="ended")
    if to == "out" and held.out_at is None:
        held.out_at = moment
    elif to == "back" and held.out_at is not None and held.back_at is None:
        held.back_at = max(moment, held.out_at)
    elif to == "stays":
        held.out_at = held.back_at = None
    else:
        return held
    held.save(update_fields=["out_at", "back_at"])
    audit_record(actor=actor, action="outing.mark", about=held, data={"to": to})
    return held


@transaction.atomic
def outing_end(*, actor: Member, outing: Outing) -> Outing:
    """End an outing; refused while a child that left is not back."""
    held_day(outing.day)
    held = locks.hold(outing)
    if held.ended_at is not None:
        return held
    if count := held.children.away().count():
        raise DomainError(_("%(count)s children are not counted back yet.") % {"count": count}, code="away")
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    audit_record(actor=actor, action="outing.end", about=held)
    return held
