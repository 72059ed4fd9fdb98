"""Rules for the reminders of the rights area that no deadline makes."""

from datetime import timedelta

from django.utils import timezone

from portal.core.guard import each
from portal.messaging.choices import Channel
from portal.messaging.planning import Due, Rule
from portal.signups.choices import SignUpState
from rights.choices.law_sessions import LawSessionState
from rights.models import LawSessionSignUp

# After an interruption the planner catches up this far; reminders of older dates are not sent.
LOOK_BACK = timedelta(days=2)


def _due(row):
    session = row.offering
    return Due(
        about=row,
        to=row.member,
        due_on=timezone.localdate(session.starts_at),
        until=session.starts_at,
        url=session.get_member_url(),
        context={"title": session.title, "place": session.place, "at": session.starts_at.isoformat()},
    )


def session_tomorrow(now):
    """Return reminders to people with a place, one day before their law session begins."""
    rows = LawSessionSignUp.objects.reachable().filter(
        state=SignUpState.CONFIRMED,
        offering__state=LawSessionState.OPEN,
        offering__starts_at__gt=now - LOOK_BACK,
        offering__starts_at__lte=now + timedelta(hours=24),
    )
    return each(rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500), _due)


RULES = [
    Rule("rights.session_tomorrow", "rights.session_tomorrow", session_tomorrow, (Channel.IN_APP, Channel.SMS)),
]
