"""Who is reminded of what among people."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.guard import of_each
from portal.members.models import Transfer
from portal.members.selectors import holders
from portal.messaging.planning import Due, Rule

AHEAD = timedelta(days=3)


def transfer_waiting(now):
    """The unit that is left and the person, three days before a transfer runs out."""
    today = timezone.localdate(now)
    rows = Transfer.objects.waiting().filter(due_on__gte=today, due_on__lte=today + AHEAD)

    def of_row(row):
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

    return of_each(rows.select_related("member", "from_organization").order_by("pk").iterator(chunk_size=500), of_row)


RULES = [Rule("members.transfer_waiting", "members.transfer_waiting", transfer_waiting)]
