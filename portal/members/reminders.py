"""The reminders about members, duties and transfers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.guard import of_each
from portal.members.choices import ProofMeans
from portal.members.models import Appointment, Member, Transfer
from portal.members.selectors import appointment_seconds, holders
from portal.messaging.planning import Due, Rule
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Iterator

AHEAD = timedelta(days=3)
LOOK_AFTER, LATE, ONE = timedelta(days=7), timedelta(days=3), timedelta(days=1)
# Only the nearest people are told, not everybody above.
LOOKERS = 2


def transfer_waiting(now: datetime) -> Iterator[Due]:
    """Remind the unit that is left and the member, three days before a transfer expires."""
    today = timezone.localdate(now)
    rows = Transfer.objects.waiting().filter(due_on__gte=today, due_on__lte=today + AHEAD)

    def of_row(row: Transfer) -> Iterator[Due]:
        told = [row.member] if row.member.login_key else []
        if row.from_organization is not None:
            but = {pk for pk in (row.asked_by_id, row.member_id) if pk is not None}
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

    return of_each(rows.select_related("member", "from_organization").order_by("pk").iterator(chunk_size=500), of_row)


def accounts_opened(now: datetime) -> Iterator[Due]:
    """Send the list of newly opened accounts of a unit to a second person, after seven days.

    It goes to the two nearest members who edit the unit's roster. A member who alone entered all these accounts on the
    roster is left out, so that somebody else checks the list.
    """
    day = timezone.localdate(now) - LOOK_AFTER
    opened = (
        Member.objects.filter(
            activated_at__gte=_start_of(day - LATE), activated_at__lt=_start_of(day + ONE), erased_at=None
        )
        .exclude(proof=ProofMeans.EARLIER)
        .annotate(opened_on=TruncDate("activated_at"))
        .values_list("organization", "opened_on", "entered_by")
        .order_by("organization", "opened_on")
    )
    groups: dict[tuple[int, date], list[int | None]] = {}
    for unit, opened_on, entered_by in opened:
        if unit is not None:
            groups.setdefault((unit, opened_on), []).append(entered_by)
    units = Organization.objects.in_bulk({unit for unit, _opened_on in groups})
    for (unit, opened_on), enterers in groups.items():
        due_on = opened_on + LOOK_AFTER
        makers = {maker for maker in enterers if maker is not None}
        but = makers if len(makers) == 1 else set()
        for person in holders(Area.MEMBERS, Capability.EDIT, units[unit], but=but)[:LOOKERS]:
            yield Due(
                about=units[unit],
                to=person,
                due_on=due_on,
                until=_start_of(due_on + LATE),
                url=f"{reverse('members:member-list')}?status=new",
                context={"organization": units[unit].name, "count": len(enterers)},
            )


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def appointment_waiting(now: datetime) -> Iterator[Due]:
    """Remind those who can approve an appointment, three days before it expires."""
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
    Rule("members.appointment_waiting", "members.appointment_waiting", appointment_waiting),
    Rule("members.new_accounts", "members.new_accounts", accounts_opened),
    Rule("members.transfer_waiting", "members.transfer_waiting", transfer_waiting),
]
