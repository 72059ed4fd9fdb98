"""Services of safety incidents: reporting, acknowledging, adding to them, settling them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.incidents import IncidentState
from childcare.models import Incident, IncidentNote
from childcare.selectors.days import number_of
from childcare.services.telling import tell_incident
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.services import steps_of
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from datetime import datetime

    from childcare.models import Attendance, ClassDay
    from portal.members.models import Member

# The union that manages the site at once, the next level when the time is over.
LEVELS = 2


@transaction.atomic
def incident_report(
    *,
    actor: Member,
    day: ClassDay,
    kind: str,
    happened_at: datetime,
    text: str,
    attendance: Attendance | None = None,
) -> Incident:
    """Report an incident on a day of a class; the union that manages the site is told at once.

    The text is never changed. Refused for a time in the future or on another day, and for a child of another class.
    """
    if timezone.localdate(happened_at) != day.on or happened_at > timezone.now():
        raise DomainError(_("The time must be on this day, and not in the future."), code="time")
    if attendance is not None and attendance.day_id != day.pk:
        raise DomainError(_("This child is not in the class."), code="child")
    (pk,) = reserve_pks(Incident)
    row = Incident.objects.create(
        pk=pk,
        term=day.term,
        attendance=attendance,
        kind=kind,
        happened_on=day.on,
        happened_at=happened_at,
        text=text,
        due_at=timezone.now() + timedelta(minutes=number_of("incident_minutes", day)),
        reported_by=actor,
        alert_level=1,
    )
    audit_record(actor=actor, action="incident.create", about=row)
    touch(Incident._meta.label_lower, day.term.site.organization_id, day.on)
    tell_incident(row, above=False)
    return row


@transaction.atomic
def incident_note(*, actor: Member, incident: Incident, text: str) -> IncidentNote:
    """Add something to the report of an incident, as long as it is not settled."""
    held = locks.hold(incident)
    if held.state == IncidentState.SETTLED:
        raise DomainError(_("This incident is settled."), code="settled")
    (pk,) = reserve_pks(IncidentNote)
    row = IncidentNote.objects.create(pk=pk, incident=held, text=text, written_by=actor)
    audit_record(actor=actor, action="incident.note", about=held)
    return row


@transaction.atomic
def incident_acknowledge(*, actor: Member, incident: Incident) -> Incident:
    """Acknowledge an incident for the union: the clock stops."""
    return advance(incident, IncidentState.NOTED, actor=actor, noted_at=timezone.now(), noted_by=actor)


@transaction.atomic
def incident_settle(*, actor: Member, incident: Incident, reason: str) -> Incident:
    """Settle an incident, with what was found and done as its last note."""
    incident_note(actor=actor, incident=incident, text=reason)
    return advance(incident, IncidentState.SETTLED, actor=actor)


def incidents_alert() -> int:
    """Tell the next level of incidents that nobody acknowledged in time; return how many."""
    count = 0
    late = Incident.objects.waiting().filter(due_at__lte=timezone.now(), alert_level__lt=LEVELS)
    with steps_of("childcare.incidents") as steps:
        for row in late.for_list().order_by("pk"):
            with steps.one(row), transaction.atomic():
                held = locks.hold(row)
                if held.state == IncidentState.ALARMED and held.alert_level < LEVELS:
                    held.alert_level += 1
                    held.save(update_fields=["alert_level"])
                    audit_record(actor=Clock("childcare.incident"), action="incident.alert", about=held)
                    tell_incident(held, above=True)
                    count += 1
    return count
