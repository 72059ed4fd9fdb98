"""Rules for the reminders of the rights area that no deadline makes."""

from datetime import timedelta

from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.guard import each, of_each
from portal.members.selectors import holders
from portal.messaging.choices import Channel
from portal.messaging.planning import Due, Rule
from portal.signups.choices import SignUpState
from rights.choices.law_sessions import LawSessionState
from rights.models import LawSession, LawSessionSignUp

# After an interruption the planner catches up this far; reminders of older dates are not sent.
LOOK_BACK = timedelta(days=2)


def _due(row):
    session = row.offering
    return Due(
        about=session,
        to=row.member,
        due_on=timezone.localdate(session.starts_at),
        until=session.starts_at,
        url=session.get_member_url(),
        context={"title": session.title, "place": session.told_place, "at": session.starts_at.isoformat()},
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


def session_over(now):
    """Return reminders to the organiser's staff, once a session is over, to record how many people came."""
    rows = LawSession.objects.filter(
        state=LawSessionState.OPEN, ends_at__gt=now - LOOK_BACK, ends_at__lte=now
    ).select_related("organization")
    return of_each(rows.order_by("pk").iterator(chunk_size=500), _to_staff)


def _nearest(organization):
    """Return those who may edit rights at the organisation, or else at the nearest level above it."""
    path = organization.path
    found = {member: _depth(member, path) for member in holders(Area.RIGHTS, Capability.EDIT, organization)}
    nearest = max(found.values(), default=0)
    return [member for member, depth in found.items() if depth == nearest]


def _depth(member, path):
    return max(
        (len(reached) for reached in member.reach(Area.RIGHTS, Capability.EDIT) if path.startswith(reached)), default=0
    )


def _to_staff(session):
    over = timezone.localdate(session.ends_at)
    return [
        Due(
            about=session,
            to=member,
            due_on=over,
            until=session.ends_at + LOOK_BACK,
            url=session.get_absolute_url(),
            context={"title": session.title},
        )
        for member in _nearest(session.organization)
    ]


RULES = [
    Rule("rights.session_over", "rights.session_over", session_over),
    Rule("rights.session_tomorrow", "rights.session_tomorrow", session_tomorrow, (Channel.IN_APP, Channel.SMS)),
]
