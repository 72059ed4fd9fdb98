"""Who is reminded of what among people."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.members.models import Appointment, Transfer
from portal.members.selectors import appointment_seconds, holders
from portal.messaging.planning import Due, Rule

AHEAD = timedelta(days=3)


def transfer_waiting(now):
    """The unit that is left and the person, three days before a transfer runs out."""
    today = timezone.localdate(now)
    rows = Transfer.objects.waiting().filter(due_on__gte=today, due_on__lte=today + AHEAD)
    for row in rows.select_related("member", "from_organization").order_by("pk").iterator(chunk_size=500):
        told = [row.member] if row.member.login_key else []
        if row.from_organization is not None:
            but = {row.asked_by_id, row.member_id} - {None}
            told += holders(Area.MEMBERS, Capability.EDIT, row.from_organization, but=but)
        for person in told:
            yield Due(
                about=row,
                to=person,
                due_on=row.due_on,
                until=timezone.make_aware(datetime.combine(row.due_on + timedelta(days=1), time.min)),
                url=row.get_absolute_url(),
                context={"due": row.due_on.isoformat()},
            )


def appointment_waiting(now):
    """Those who can approve an appointment, three days before it expires."""
    first = timezone.now() - timedelta(days=settings.APPOINTMENT_DAYS)
    rows = Appointment.objects.waiting().filter(proposed_at__gte=first, proposed_at__lte=first + AHEAD)
    for row in rows.select_related("organization").order_by("pk").iterator(chunk_size=500):
        seconds = appointment_seconds(row)
        due_on = timezone.localdate(row.proposed_at) + timedelta(days=settings.APPOINTMENT_DAYS)
        for person in seconds.people if seconds else ():
            yield Due(
                about=row,
                to=person,
                due_on=due_on,
                until=row.proposed_at + timedelta(days=settings.APPOINTMENT_DAYS),
                url=row.get_absolute_url(),
                context={"role": row.role, "organization": row.organization.name, "due": due_on.isoformat()},
            )


RULES = [
    Rule("members.transfer_waiting", "members.transfer_waiting", transfer_waiting),
    Rule("members.appointment_waiting", "members.appointment_waiting", appointment_waiting),
]
