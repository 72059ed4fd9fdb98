"""Rules for the reminders of childcare."""

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from childcare.choices.terms import TermState
from childcare.models import ClassTerm, Enrolment, SafetyPaper
from portal.core.choices import Area, Capability
from portal.core.guard import each
from portal.members.selectors import holders_by_level
from portal.messaging.choices import Channel
from portal.messaging.planning import Due, Rule
from portal.signups.choices import SignUpState

# After an interruption the planner catches up this far; reminders of older dates are not sent.
LOOK_BACK = timedelta(days=2)
# How long before its last day a safety paper is spoken of.
AHEAD = timedelta(days=14)


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


def papers_end(now):
    """Return reminders that a safety paper ends before a class at its site does, and no newer one is entered.

    Two weeks before, the nearest level that answers for the site is told; on the last day, each level above it too. The
    message names whoever is told, so that everybody knows who else knows.
    """
    today = timezone.localdate(now)
    newer = SafetyPaper.objects.filter(
        site=OuterRef("site"), kind=OuterRef("kind"), valid_until__gt=OuterRef("valid_until")
    )
    held = ClassTerm.objects.filter(
        site=OuterRef("site"), last_on__gt=OuterRef("valid_until"), last_on__gte=today
    ).exclude(state=TermState.CANCELLED)
    rows = SafetyPaper.objects.filter(
        ~Exists(newer), Exists(held), valid_until__gte=today - LOOK_BACK, valid_until__lte=today + AHEAD
    )
    levels = {}
    for paper in rows.for_list().order_by("pk"):
        organization = paper.site.organization
        if organization.pk not in levels:
            levels[organization.pk] = holders_by_level(Area.CHILDCARE, Capability.EDIT, organization)
        chain = levels[organization.pk]
        yield from _of_paper(paper, chain[:1], paper.valid_until - AHEAD)
        if paper.valid_until <= today:
            yield from _of_paper(paper, chain, paper.valid_until)


def _of_paper(paper, levels, due_on):
    told = [member for level in levels for member in level]
    for member in told:
        yield Due(
            about=paper,
            to=member,
            due_on=due_on,
            until=datetime.combine(paper.valid_until + AHEAD, time(), timezone.get_default_timezone()),
            url=paper.site.get_absolute_url(),
            context={
                "site": paper.site.name,
                "number": str(paper),
                "day": paper.valid_until.isoformat(),
                "told": "、".join(one.name for one in told),
            },
        )


RULES = [
    Rule("childcare.paper_ends", "childcare.paper_ends", papers_end),
    Rule("childcare.class_tomorrow", "childcare.class_tomorrow", class_tomorrow, (Channel.IN_APP, Channel.SMS)),
]
