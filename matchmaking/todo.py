"""The to-do items of matchmaking."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.events import BEFORE_CHOICE, EventState
from matchmaking.choices.safety import ReportState
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import (
    AbuseReport,
    FollowUp,
    GroupWedding,
    HotlineTicket,
    MatchEvent,
    Participation,
    ProfileAppeal,
    SingleProfile,
    Volunteer,
)
from portal.core.choices import Area, Capability
from portal.core.guard import each
from portal.members.selectors import nobody_nearer
from portal.organizations.selectors import working_calendar
from portal.signups.choices import SignUpState
from portal.web.todo import Overdue, Todo

APPROVAL_DAYS = timedelta(days=5)
TRAINED_WITHIN = timedelta(days=30)
# Rows not settled within this time also appear in the lists of all organisations above.
PASSED_UP_AFTER = timedelta(days=14)
# By the state of the event: sentence and icon.
WORDS = {
    EventState.SUBMITTED: (_("Approve the event “%(title)s”"), "check"),
    EventState.APPROVED: (_("Publish the event “%(title)s”"), "speakerphone"),
    EventState.RETURNED: (_("Correct the event “%(title)s” and submit it again"), "edit"),
    EventState.CHOICE_OPEN: (_("Reveal the results of “%(title)s”: the choice round has ended"), "sparkles"),
}


def items_for(actor):
    """Return the actor's to-do items: events to approve, publish, correct, review or reveal, and more.

    Events to approve are included if nobody is nearer; the other rows are those due at the actor's own organisation.
    """
    waiting = _nearest(
        MatchEvent.objects.filter(state=EventState.SUBMITTED),
        actor,
        Capability.APPROVE,
        but=("submitted_by", "created_by"),
    )
    own = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(created_by=actor)
    late = Q(state=EventState.CHOICE_OPEN, choice_closes_at__lt=timezone.now())
    applied = Participation.objects.filter(offering=OuterRef("pk"), state=SignUpState.APPLIED)
    unjudged = Q(Exists(applied), needs_review=True, state__in=BEFORE_CHOICE)
    own = own.filter(Q(state__in=(EventState.APPROVED, EventState.RETURNED)) | late | unjudged)
    events = waiting.exclude(submitted_by=actor).exclude(created_by=actor) | own
    found = list(each(events.order_by("signup_opens_at")[:100], _item))
    return found + follow_ups_waiting(actor) + couples_waiting(actor) + about_people(actor)


# By kind: the label of overdue rows, and the list that shows them.
OVERDUE = {
    "event": (_("Events waiting for approval for more than five days"), "event-list", "state=submitted"),
    "follow-up": (_("Overdue follow-ups of pairs"), "follow-up-list", "late=over"),
    "call": (_("Overdue hotline tickets"), "ticket-list", "late=over"),
}


def overdue_below(actor, organization):
    """Return counts of overdue rows below ``organization``: events, follow-ups and hotline tickets.

    Events count when they have waited for approval for more than five days.
    """
    today = timezone.localdate()
    late = {"state": EventState.SUBMITTED, "submitted_at__lt": timezone.now() - APPROVAL_DAYS}
    below = {"organization__path__startswith": organization.path}
    kinds = {
        "event": MatchEvent.objects.visible_to(actor).filter(**late, **below),
        "follow-up": FollowUp.objects.visible_to(actor)
        .overdue(today)
        .filter(pair__event__organization__path__startswith=organization.path),
        "call": HotlineTicket.objects.visible_to(actor).open().filter(due_on__lt=today, **below),
    }
    first, *rest = [
        rows.order_by().annotate(waits_as=Value(kind)).values("waits_as").annotate(n=Count("pk"))
        for kind, rows in kinds.items()
    ]
    found = {row["waits_as"]: row["n"] for row in first.union(*rest, all=True)}
    return [
        Overdue(words, found.get(kind, 0), f"{reverse(f'matchmaking:{name}')}?{query}")
        for kind, (words, name, query) in OVERDUE.items()
    ]


def _item(event):
    if event.state in BEFORE_CHOICE:
        words = _("Review the sign-ups of “%(title)s”") % {"title": event.title}
        url = reverse("matchmaking:event-review", args=[event.pk])
        return Todo(words, url, "user-question", event.signup_closes_at)
    sentence, icon = WORDS[event.state]
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)


def _nearest(rows, actor, capability, **where):
    """Return ``rows`` that wait for the actor and for nobody nearer, or that are ``late``."""
    return rows.filter(nobody_nearer(actor, Area.MATCHMAKING, capability, **where))


def _end_of(day):
    return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))


def _own_paths(actor):
    """Return the paths where the actor works directly; rows below are shown to the actor only as counts."""
    return actor.reach(Area.MATCHMAKING, Capability.EDIT)


def follow_ups_waiting(actor):
    """Return one item for each event whose follow-ups are due."""
    today = timezone.localdate()
    due = FollowUp.objects.due().filter(pair__event__organization__path__in=_own_paths(actor), due_on__lte=today)
    rows = due.order_by().values("pair__event__title").annotate(n=Count("pk"), first=Min("due_on")).order_by("first")
    url = reverse("matchmaking:follow-up-list")
    return list(
        each(
            rows[:20],
            lambda row: Todo(
                ngettext("%(count)s follow-up of “%(title)s”", "%(count)s follow-ups of “%(title)s”", row["n"])
                % {"count": row["n"], "title": row["pair__event__title"]},
                f"{url}?{urlencode({'state': 'due', 'event': row['pair__event__title']})}",
                "phone-call",
                _end_of(row["first"]),
                _("3 days + 3 weeks + 3 months"),
            ),
        )
    )


def couples_waiting(actor):
    """Return one item for each wedding for which couples have applied."""
    weddings = GroupWedding.objects.filter(organization__path__in=_own_paths(actor))
    weddings = weddings.annotate(n=Count("couples", filter=Q(couples__state=CoupleState.APPLIED))).filter(n__gt=0)
    return list(
        each(
            weddings.order_by("closes_at")[:20],
            lambda wedding: Todo(
                ngettext(
                    "Decide on %(count)s couple: “%(title)s”", "Decide on %(count)s couples: “%(title)s”", wedding.n
                )
                % {"count": wedding.n, "title": wedding.title},
                f"{reverse('matchmaking:wedding-couples', args=[wedding.pk])}?state=applied",
                "hearts",
                wedding.closes_at,
            ),
        )
    )


# By kind: sentence, icon, and the page that settles it.
PEOPLE = {
    "vetting": (_("Confirm or reject a single's profile: %(number)s"), "user-check", "matchmaking:vetting-detail"),
    "appeal": (_("Decide on an appeal against a rejection: %(number)s"), "gavel", "matchmaking:appeal-detail"),
    "report": (_("Handle a report about a person: %(number)s"), "message-report", "matchmaking:report-detail"),
    "volunteer": (
        _("Train matchmaker no. %(number)s and confirm their start"),
        "user-heart",
        "matchmaking:volunteer-detail",
    ),
}


def about_people(actor):
    """Return items about people, in one query.

    They are profiles to vet, appeals, reports that are unassigned or assigned to the actor, and members who applied as
    matchmakers.
    """
    parts = [
        rows.order_by("pk").annotate(waits_as=Value(kind), day=day).values_list("waits_as", "pk", "day")[:50]
        for kind, rows, day in _people_waiting(actor)
    ]
    rows = list(parts[0].union(*parts[1:], all=True)) if parts else []
    calendar = working_calendar() if rows else None
    days = {
        "vetting": settings.MATCHMAKING_VETTING_WORKING_DAYS,
        "appeal": settings.MATCHMAKING_APPEAL_WORKING_DAYS,
    }

    def item(row):
        kind, pk, day = row
        sentence, icon, page = PEOPLE[kind]
        due = calendar.add_working_days(day, days[kind]).day if kind in days else day
        # Due by the end of that day.
        at = timezone.make_aware(datetime.combine(due + timedelta(days=1), time.min))
        return Todo(sentence % {"number": pk}, reverse(page, args=[pk]), icon, at)

    return list(each(rows, item))


def _people_waiting(actor):
    """Yield (kind, rows, due day or start of its period) of rows that the actor may settle."""
    if actor.reach(Area.MATCHMAKING, Capability.APPROVE):
        reports = AbuseReport.objects.visible_to(actor)
        reports = reports.filter(Q(state=ReportState.OPEN) | Q(state=ReportState.HANDLING, handler=actor))
        long_ago = timezone.now() - PASSED_UP_AFTER
        to_vet = SingleProfile.objects.to_vet(actor)
        to_vet = _nearest(
            to_vet,
            actor,
            Capability.APPROVE,
            organization="vetting_organization",
            but=("member",),
            late=Q(submitted_at__lt=long_ago),
        )
        appeals = ProfileAppeal.objects.open_for(actor)
        appeals = _nearest(
            appeals,
            actor,
            Capability.APPROVE,
            but=("profile__member", "profile__vetted_by"),
            late=Q(created_at__lt=long_ago),
        )
        hers = nobody_nearer(
            actor,
            Area.MATCHMAKING,
            Capability.APPROVE,
            but=("about", "reporter"),
            late=Q(due_on__lt=timezone.localdate()),
        )
        yield "vetting", to_vet, TruncDate("submitted_at")
        yield "appeal", appeals, TruncDate("created_at")
        yield "report", reports.filter(Q(handler=actor) | hers), F("due_on")
    if actor.reach(Area.MATCHMAKING, Capability.EDIT):
        applied = Volunteer.objects.filter(state=VolunteerState.APPLIED).exclude(member=actor)
        late = Q(created_at__lt=timezone.now() - TRAINED_WITHIN)
        applied = _nearest(applied, actor, Capability.EDIT, but=("member",), late=late)
        yield "volunteer", applied, TruncDate(F("created_at") + TRAINED_WITHIN)
