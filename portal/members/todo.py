"""What waits for whom among people: requests about own data."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.members.models import DataRequest
from portal.web.todo import Todo

SHOWN = 50


def items_for(actor):
    """Return a to-do for each open request that ``actor`` may answer."""
    return _data_requests(actor)


def _data_requests(actor):
    waiting = DataRequest.objects.reached_by(actor, Capability.EDIT).open().exclude(member=actor)
    return [
        Todo(
            title=_("Answer a request about own data: %(kind)s") % {"kind": row.get_kind_display()},
            url=row.get_absolute_url(),
            icon="user-question",
            due_at=timezone.make_aware(datetime.combine(row.due_on + timedelta(days=1), time.min)),
        )
        for row in waiting.order_by("due_on", "pk")[:SHOWN]
    ]
