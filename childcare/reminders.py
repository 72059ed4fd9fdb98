"""Rules for the reminders of childcare."""

from datetime import timedelta

from django.utils import timezone

from childcare.choices.terms import TermState
from childcare.models import Enrolment
from portal.core.guard import each
from portal.messaging.choices import Channel
from portal.messaging.planning import Due, Rule
from portal.signups.choices import SignUpState

# After an interruption the planner catches up this far; reminders of older dates are not sent.
LOOK_BACK = timedelta(days=2)


def _due(row):
    term = row.offering
    return Due(
        about=row,
        to=row.member,
        due_on=term.first_on,
        until=term.opens_at,
        url=term.get_member_url(),
        context={"title": term.title, "place": term.site.name, "at": term.opens_at.isoformat()},
    )


def class_tomorrow(now):
    """Return reminders to guardians whose child has a place, from the day before the class begins."""
    day = timezone.localdate(now)
    rows = Enrolment.objects.reachable().filter(
        state=SignUpState.CONFIRMED,
        offering__state=TermState.ENROLLING,
        first_on__gte=day - LOOK_BACK,
        first_on__lte=day + timedelta(days=1),
    )
    return each(rows.for_list().order_by("pk").iterator(chunk_size=500), _due)


RULES = [
    Rule("childcare.class_tomorrow", "childcare.class_tomorrow", class_tomorrow, (Channel.IN_APP, Channel.SMS)),
]
