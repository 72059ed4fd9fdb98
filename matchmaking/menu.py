"""Matchmaking in the menus and on the first pages."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import BEFORE_CHOICE, EventState
from matchmaking.models import EventMatchmaker, MatchEvent, Participation
from matchmaking.rules import oversees_profiles
from matchmaking.selectors import with_counts, year_figures
from portal.core.choices import Area, Capability
from portal.web.context import here_path
from portal.web.menu import Entry


def is_matchmaker(actor):
    """Say whether she accompanies people at an event now."""
    return EventMatchmaker.objects.all().of(actor).exists()


def approves(actor):
    """Say whether she gives words on singles and judges about them."""
    return bool(actor.reach(Area.MATCHMAKING, Capability.APPROVE))


RUNNING = (*BEFORE_CHOICE, EventState.CHOICE_OPEN)
SECTION = _("Matchmaking")
ENTRIES = [
    Entry("desk", _("Events"), "matchmaking:event-list", "calendar-heart", 20, SECTION, Area.MATCHMAKING),
    Entry("desk", _("My people"), "matchmaking:caseload-list", "heart", 21, SECTION, shown=is_matchmaker),
    Entry("member", _("Events"), "matchmaking:meet-list", "calendar-heart", order=10),
    Entry("member", _("My people"), "matchmaking:caseload-list", "heart", order=20, shown=is_matchmaker),
    Entry("member", _("Singles"), "matchmaking:single-list", "hearts", order=12, spare=True),
    Entry("desk", _("Singles to confirm"), "matchmaking:vetting-list", "user-check", 22, SECTION, shown=approves),
    Entry("desk", _("Objections to refusals"), "matchmaking:appeal-list", "gavel", 23, SECTION, shown=approves),
    Entry("desk", _("Reports of people"), "matchmaking:report-list", "message-report", 24, SECTION, shown=approves),
    Entry(
        "desk", _("Singles' profiles"), "matchmaking:profile-list", "id-badge-2", 25, SECTION, shown=oversees_profiles
    ),
    Entry("desk", _("Plan of introductions"), "matchmaking:plan-show", "wand", 26, SECTION, shown=oversees_profiles),
]


def landing_blocks(request):
    """Events whose sign-up is open now, for visitors."""
    events = MatchEvent.objects.open_for_sign_up().for_list().order_by("signup_closes_at")[:6]
    return [("matchmaking/_meet_cards.html", {"events": events})] if events else []


def member_blocks(request):
    """Her own events, and those open to her."""
    me = request.user
    mine = list(
        Participation.objects.own(me)
        .exclude(offering__state__in=[EventState.CLOSED, EventState.REPORTED, EventState.CANCELLED])
        .select_related("offering__organization")
        .order_by("-offering__starts_at")[:5]
    )
    events = (
        MatchEvent.objects.offered_to(me)
        .open_for_sign_up()
        .exclude(pk__in=[row.offering_id for row in mine])
        .for_list()
        .order_by("signup_closes_at")[:5]
    )
    if not mine and not events:
        return []
    return [("matchmaking/_meet_home.html", {"mine": mine, "events": events})]


def desk_blocks(request):
    """Events that run now, and the year so far, for whoever sees matchmaking."""
    actor = request.user
    if not actor.reach(Area.MATCHMAKING, Capability.VIEW):
        return []
    events = MatchEvent.objects.visible_to(actor).below(here_path(request))
    running = with_counts(events.filter(state__in=RUNNING).for_list()).order_by("choice_closes_at", "pk")[:5]
    year = timezone.localdate().year
    return [("matchmaking/_event_home.html", {"running": running, "year": year, "figures": year_figures(events, year)})]
