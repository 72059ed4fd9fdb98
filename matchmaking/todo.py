"""What waits for whom in matchmaking."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import F, Q, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import EventState, ReportState
from matchmaking.models import AbuseReport, MatchEvent, ProfileAppeal, SingleProfile
from portal.core.choices import Capability
from portal.organizations.selectors import working_calendar
from portal.web.todo import Todo

# By the state of the event: the sentence and its icon.
WORDS = {
    EventState.SUBMITTED: (_("Approve the event “%(title)s”"), "check"),
    EventState.APPROVED: (_("Publish the event “%(title)s”"), "speakerphone"),
    EventState.RETURNED: (_("Correct the event “%(title)s” and submit it again"), "edit"),
    EventState.CHOICE_OPEN: (_("Reveal the event “%(title)s”: its round is over"), "sparkles"),
}


def items_for(actor):
    """Events to approve, to publish and to correct, each by when sign-up should open."""
    waiting = MatchEvent.objects.reached_by(actor, Capability.APPROVE).filter(state=EventState.SUBMITTED)
    own = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(created_by=actor)
    late = Q(state=EventState.CHOICE_OPEN, choice_closes_at__lt=timezone.now())
    to_judge = waiting.exclude(submitted_by=actor).exclude(created_by=actor)
    to_do = own.filter(Q(state__in=(EventState.APPROVED, EventState.RETURNED)) | late)
    either = MatchEvent.objects.filter(Q(pk__in=to_judge.values("pk")) | Q(pk__in=to_do.values("pk")))
    return [*(_item(event) for event in either.order_by("signup_opens_at")[:100]), *_about_singles(actor)]


def _item(event):
    sentence, icon = WORDS[event.state]
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)


# By kind: the sentence, the icon, and the page that settles it.
SINGLES = {
    "vetting": (_("Confirm or refuse a single's profile: %(number)s"), "user-check", "matchmaking:vetting-detail"),
    "appeal": (_("Judge an objection to a refusal: %(number)s"), "gavel", "matchmaking:appeal-detail"),
    "report": (_("Settle a report of a person: %(number)s"), "message-report", "matchmaking:report-detail"),
}


def _about_singles(actor):
    """Profiles that wait for a word, objections, and reports nobody or she herself has in hand; one query for all."""
    if not actor.reach(SingleProfile.objects.all().area, Capability.APPROVE):
        return []
    reports = AbuseReport.objects.visible_to(actor)
    reports = reports.filter(Q(state=ReportState.OPEN) | Q(state=ReportState.HANDLING, handler=actor))
    parts = (
        ("vetting", SingleProfile.objects.to_vet(actor), TruncDate("submitted_at")),
        ("appeal", ProfileAppeal.objects.open_for(actor), TruncDate("created_at")),
        ("report", reports, F("due_on")),
    )
    first, *rest = [
        rows.order_by("pk").annotate(waits_as=Value(kind), day=day).values_list("waits_as", "pk", "day")[:50]
        for kind, rows, day in parts
    ]
    rows = list(first.union(*rest, all=True))
    calendar = working_calendar() if rows else None
    days = {
        "vetting": settings.MATCHMAKING_VETTING_WORKING_DAYS,
        "appeal": settings.MATCHMAKING_APPEAL_WORKING_DAYS,
    }
    found = []
    for kind, pk, day in rows:
        sentence, icon, page = SINGLES[kind]
        due = calendar.add_working_days(day, days[kind]).day if kind in days else day
        # Due by the end of that day.
        at = timezone.make_aware(datetime.combine(due + timedelta(days=1), time.min))
        found.append(Todo(sentence % {"number": pk}, reverse(page, args=[pk]), icon, at))
    return found
