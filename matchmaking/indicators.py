"""Indicators of events: held events, participants, pairs, matchmakers."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.events import HELD_STATES, EventMode
from matchmaking.choices.pairs import PairState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import (
    EventMatchmaker,
    EventPartner,
    GroupWedding,
    MatchEvent,
    Pair,
    Participation,
    WeddingCouple,
)
from portal.core.choices import Area, Level
from portal.core.figures import Flow, Indicator, People, Ratio
from portal.signups.choices import TOOK_PART

EVENT = ("matchmaking.matchevent",)
EVENTS, VISITS, PEOPLE, PAIRS = _("events"), _("visits"), _("people"), _("pairs")


def _held(**fields):
    return MatchEvent.objects.filter(state__in=HELD_STATES, **fields)


def _visits():
    return Participation.objects.filter(offering__state__in=HELD_STATES, state__in=TOOK_PART)


def _union_partners():
    return EventPartner.objects.exclude(organization=None)


def _events(rows):
    return Flow(rows, organization="organization", on="starts_at")


def _participants_url(row):
    return reverse("matchmaking:event-participants", args=[row.offering_id])


def _pairs_url(row):
    return reverse("matchmaking:event-pairs", args=[row.event_id])


def _matchmakers_url(row):
    return reverse("matchmaking:event-matchmakers", args=[row.event_id])


INDICATORS = [
    Indicator(
        "MM01",
        _("Events held"),
        _("Events whose choices were revealed, by the day they began, counted at the organiser."),
        EVENTS,
        Area.MATCHMAKING,
        _events(_held),
        order=201,
        headline=True,
        public=True,
    ),
    Indicator(
        "MM01a",
        _("Events held online"),
        _("Of the events held, those online."),
        EVENTS,
        Area.MATCHMAKING,
        _events(lambda: _held(mode=EventMode.ONLINE)),
        order=202,
    ),
    Indicator(
        "MM01b",
        _("Events held on site"),
        _("Of the events held, those on site."),
        EVENTS,
        Area.MATCHMAKING,
        _events(lambda: _held(mode=EventMode.OFFLINE)),
        order=203,
    ),
    Indicator(
        "MM02",
        _("Visits"),
        _("Confirmed places at events held; a person who came to three events counts three times."),
        VISITS,
        Area.MATCHMAKING,
        Flow(_visits, organization="offering__organization", on="offering__starts_at"),
        order=204,
        opens_from=Level.COUNTY,
        touched_by=EVENT,
        headline=True,
        public=True,
        row_url=_participants_url,
    ),
    Indicator(
        "MM02p",
        _("Different people"),
        _(
            "Different people with a confirmed place at an event held; counted separately at every "
            "level, never added up."
        ),
        PEOPLE,
        Area.MATCHMAKING,
        People(_visits, organization="offering__organization", on="offering__starts_at", person="member"),
        order=205,
        opens_from=Level.COUNTY,
        touched_by=EVENT,
        row_url=_participants_url,
    ),
    Indicator(
        "MM03",
        _("Pairs"),
        _("Pairs who chose each other, by the day of the reveal, counted at the organiser of the event."),
        PAIRS,
        Area.MATCHMAKING,
        Flow(lambda: Pair.objects.all(), organization="event__organization", on="held_on"),
        order=206,
        opens_from=Level.COUNTY,
        headline=True,
        public=True,
        row_url=_pairs_url,
    ),
    Indicator(
        "MM03p",
        _("Pairs with at least one person here"),
        _("Pairs with at least one person from a unit here, whichever organisation held the event; never added up."),
        PAIRS,
        Area.MATCHMAKING,
        People(
            lambda: Pair.objects.all(),
            organization=("one__unit", "two__unit"),
            on="held_on",
            person="pk",
        ),
        order=207,
        opens_from=Level.COUNTY,
        row_url=_pairs_url,
    ),
    Indicator(
        "MM04",
        _("Pair rate"),
        _("Twice the number of pairs divided by the number of visits; both are summed first."),
        "%",
        Area.MATCHMAKING,
        Ratio("MM03", "MM02", factor=2),
        order=208,
        headline=True,
    ),
    Indicator(
        "MM01j",
        _("Joint events held"),
        _("Of the events held, those held jointly with another union; counted once, at the lead organiser."),
        EVENTS,
        Area.MATCHMAKING,
        _events(lambda: _held().filter(Exists(_union_partners().filter(event=OuterRef("pk"))))),
        order=210,
        touched_by=EVENT,
    ),
    Indicator(
        "MM01k",
        _("Events held as a partner"),
        _("Different events held by other organisations together with a union here; never added up."),
        EVENTS,
        Area.MATCHMAKING,
        People(
            lambda: _union_partners().filter(event__state__in=HELD_STATES),
            organization="organization",
            on="event__starts_at",
            person="event",
        ),
        order=211,
        touched_by=EVENT,
        row_url=lambda row: reverse("matchmaking:partner-figures", args=[row.pk]),
    ),
    Indicator(
        "MM05",
        _("Registered marriages"),
        _(
            "Pairs in which both stated the day their marriage was registered, by that day, counted at "
            "the organiser of the event."
        ),
        PAIRS,
        Area.MATCHMAKING,
        Flow(
            lambda: Pair.objects.filter(state=PairState.REGISTERED),
            organization="event__organization",
            on="registered_on",
        ),
        order=212,
        opens_from=Level.COUNTY,
        row_url=_pairs_url,
    ),
    Indicator(
        "MM06",
        _("Group weddings"),
        _("Group weddings that were held, by the day they were held."),
        _("weddings"),
        Area.MATCHMAKING,
        Flow(lambda: GroupWedding.objects.filter(state=WeddingState.HELD), organization="organization", on="on"),
        order=213,
    ),
    Indicator(
        "MM06c",
        _("Couples of group weddings"),
        _("Couples with a place at a group wedding that was held."),
        PAIRS,
        Area.MATCHMAKING,
        Flow(
            lambda: WeddingCouple.objects.filter(state=CoupleState.ACCEPTED, wedding__state=WeddingState.HELD),
            organization="wedding__organization",
            on="wedding__on",
        ),
        order=214,
        opens_from=Level.COUNTY,
        touched_by=("matchmaking.groupwedding",),
        row_url=lambda row: row.wedding.get_absolute_url(),
    ),
    Indicator(
        "MM07",
        _("Matchmakers"),
        _("Different volunteers who accompanied an event held in the period; never added up."),
        PEOPLE,
        Area.MATCHMAKING,
        People(
            lambda: EventMatchmaker.objects.filter(event__state__in=HELD_STATES),
            organization="event__organization",
            on="event__starts_at",
            person="member",
        ),
        order=209,
        opens_from=Level.COUNTY,
        touched_by=EVENT,
        row_url=_matchmakers_url,
    ),
]
