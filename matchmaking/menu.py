"""Matchmaking in the menus and on the home pages."""

from django.db.models import Count, Subquery, Value
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import BEFORE_CHOICE, EventState
from matchmaking.choices.publicity import NominationState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import (
    EventDemand,
    EventMatchmaker,
    EventPartner,
    GroupWedding,
    Introduction,
    MatchEvent,
    Nomination,
    Participation,
    SingleProfile,
    Volunteer,
)
from matchmaking.rules import oversees_profiles
from matchmaking.selectors.couples import couples_asking
from matchmaking.selectors.events import with_counts
from matchmaking.selectors.follow_ups import overdue_by_place
from portal.core.choices import Area, Capability
from portal.web.context import here_path
from portal.web.menu import Entry


def is_matchmaker(actor):
    """Say whether the actor accompanies participants of an event now, or looks after singles."""
    at_events = EventMatchmaker.objects.all().of(actor).order_by().values("pk")
    # Both in one query, since every page of a member needs it.
    return bool(at_events.union(Volunteer.objects.of(actor).order_by().values("pk"), all=True)[:1])


def is_partner(actor):
    """Say whether a union in the actor's reach holds an event together with another."""
    return EventPartner.objects.all().shared_with(actor).exists()


def edits(actor):
    """Say whether the actor may edit matchmaking anywhere."""
    return bool(actor.reach(Area.MATCHMAKING, Capability.EDIT))


def approves(actor):
    """Say whether the actor may vet singles and decide appeals and reports."""
    return bool(actor.reach(Area.MATCHMAKING, Capability.APPROVE))


def open_demands(actor):
    """Return the number of demands that wait for an answer by the actor."""
    return EventDemand.objects.all().reached_by(actor, Capability.EDIT).filter(state=DemandState.OPEN).count()


RUNNING = (*BEFORE_CHOICE, EventState.CHOICE_OPEN)
SECTION = _("Matchmaking")
ENTRIES = [
    Entry("desk", _("Events"), "matchmaking:event-list", "calendar-heart", 20, SECTION, Area.MATCHMAKING),
    Entry("desk", _("My singles"), "matchmaking:caseload-list", "heart", 21, SECTION, shown=is_matchmaker),
    Entry("member", _("Events"), "matchmaking:meet-list", "calendar-heart", order=10),
    Entry("member", _("My singles"), "matchmaking:caseload-list", "heart", order=20, shown=is_matchmaker),
    Entry("desk", _("Event calendar"), "matchmaking:event-calendar", "calendar-event", 30, SECTION, Area.MATCHMAKING),
    Entry(
        "desk",
        _("Events on demand"),
        "matchmaking:demand-list",
        "message-2",
        31,
        SECTION,
        Area.MATCHMAKING,
        count=open_demands,
    ),
    Entry("desk", _("Venues"), "matchmaking:venue-list", "map-pin", 32, SECTION, Area.MATCHMAKING),
    Entry("desk", _("Event series"), "matchmaking:series-list", "tag", 33, SECTION, Area.MATCHMAKING),
    Entry("desk", _("Event themes"), "matchmaking:theme-list", "sparkles", 34, SECTION, Area.MATCHMAKING),
    Entry("desk", _("Event budgets"), "matchmaking:budget-list", "coin", 35, SECTION, Area.MATCHMAKING),
    Entry("desk", _("Joint events"), "matchmaking:partner-list", "heart-handshake", 36, SECTION, shown=is_partner),
    Entry("desk", _("Follow-ups"), "matchmaking:follow-up-list", "phone-call", 30, SECTION, shown=edits),
    Entry("desk", _("Pairs in this organisation"), "matchmaking:pair-here", "hearts", 31, SECTION, Area.MATCHMAKING),
    Entry("desk", _("Group weddings"), "matchmaking:wedding-list", "heart-handshake", 32, SECTION, Area.MATCHMAKING),
    Entry("desk", _("Media nominations"), "matchmaking:nomination-list", "user-share", 33, SECTION, shown=edits),
    Entry("desk", _("Publications"), "matchmaking:release-list", "news", 34, SECTION, Area.MATCHMAKING),
    Entry("desk", _("Hotline"), "matchmaking:ticket-list", "headset", 35, SECTION, shown=edits),
    Entry("member", _("Singles"), "matchmaking:single-list", "hearts", order=12, spare=True),
    Entry("desk", _("Singles to confirm"), "matchmaking:vetting-list", "user-check", 22, SECTION, shown=approves),
    Entry("desk", _("Appeals against rejections"), "matchmaking:appeal-list", "gavel", 23, SECTION, shown=approves),
    Entry("desk", _("Abuse reports"), "matchmaking:report-list", "message-report", 24, SECTION, shown=approves),
    Entry(
        "desk", _("Singles' profiles"), "matchmaking:profile-list", "id-badge-2", 25, SECTION, shown=oversees_profiles
    ),
    Entry("desk", _("Introduction plan"), "matchmaking:plan-show", "wand", 26, SECTION, shown=oversees_profiles),
    Entry(
        "desk", _("Volunteer matchmakers"), "matchmaking:volunteer-list", "user-heart", 24, SECTION, Area.MATCHMAKING
    ),
]


def landing_blocks(request):
    """Return blocks with the events whose sign-up is open now, for visitors."""
    events = MatchEvent.objects.open_for_sign_up().for_list().order_by("signup_closes_at")[:6]
    return [("matchmaking/_meet_cards.html", {"events": events})] if events else []


def member_blocks(request):
    """Return blocks with the member's events, open events, and questions about matchmakers and weddings."""
    me = request.user
    return [*_event_blocks(me), ("matchmaking/_helping_home.html", _helping(me)), *wedding_blocks(me)]


def provisional_blocks(request):
    """Return blocks with public events open to the person's unit.

    They are the same for everybody of the unit, whoever takes part in an event.
    """
    public = MatchEvent.objects.offered_to(request.user).public().open_now()
    events = public.for_list().order_by("signup_closes_at")[:5]
    return [("matchmaking/_meet_home.html", {"mine": [], "events": events, "to_look_at": True})] if events else []


def _event_blocks(me):
    """Return blocks with the member's own events and those open to them."""
    mine = list(
        Participation.objects.own(me)
        .exclude(offering__state__in=[EventState.CLOSED, EventState.REPORTED, EventState.CANCELLED])
        .select_related("offering__organization")
        .order_by("-offering__starts_at")[:5]
    )
    events = (
        MatchEvent.objects.offered_to(me)
        .open_now()
        .exclude(pk__in=[row.offering_id for row in mine])
        .for_list()
        .order_by("signup_closes_at")[:5]
    )
    return [("matchmaking/_meet_home.html", {"mine": mine, "events": events})] if mine or events else []


def wedding_blocks(me):
    """Return blocks with questions that wait for the member's answer, and weddings open for couples."""
    waiting = {
        "asking": list(couples_asking(me)[:3]),
        "nominations": list(
            Nomination.objects.all().of(me).filter(state=NominationState.ASKED).select_related("organization")[:3]
        ),
        "weddings": list(GroupWedding.objects.offered_to(me).filter(state=WeddingState.OPEN).for_list()[:3]),
    }
    return [("matchmaking/_ceremony_home.html", waiting)] if any(waiting.values()) else []


def _helping(me):
    """Return whether the member has a profile or helps, and how many introductions wait for them."""
    waiting = Introduction.objects.waiting_for(me).order_by().annotate(of=Value(me.pk)).values("of")
    profile = SingleProfile.objects.own(me).annotate(asked=Subquery(waiting.annotate(n=Count("pk")).values("n")))
    asked = profile.order_by("pk").values_list("asked", flat=True)[:1]
    return {"single": bool(asked), "asked": (asked[0] or 0) if asked else 0, "helps": is_matchmaker(me)}


def desk_blocks(request):
    """Return blocks with current events and overdue follow-ups, for staff who may view matchmaking."""
    actor = request.user
    if not actor.reach(Area.MATCHMAKING, Capability.VIEW):
        return []
    events = MatchEvent.objects.visible_to(actor).below(here_path(request))
    events = with_counts(events.filter(state__in=RUNNING).for_list())
    running = list(events.order_by("choice_closes_at", "pk")[:5])
    overdue = overdue_by_place(actor, path=here_path(request))
    return [("matchmaking/_event_home.html", {"running": running, "overdue": overdue})] if running or overdue else []
