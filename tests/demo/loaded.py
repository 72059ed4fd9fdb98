"""Conditions that hold for a loaded demo, however many cities it has."""

from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.pairs import PairState
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import (
    Choice,
    EventDemand,
    FollowUp,
    HotlineTicket,
    Introduction,
    Invitation,
    MatchCase,
    MatchEvent,
    MediaRelease,
    Pair,
    Participation,
    SingleProfile,
    Volunteer,
)
from portal.core.periods import Period
from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline
from portal.deadlines.services import deadlines_keep_time
from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.signups.choices import SignUpState
from portal.statistics.choices import RecountKind
from portal.statistics.models import FigureFault, Recount
from portal.statistics.selectors import figures

CITY = OrganizationKind.CITY
ON_THE_WAY = (EventState.PUBLISHED, EventState.CHOICE_OPEN, EventState.SUBMITTED)
PROFILES = (ProfileState.DRAFT, ProfileState.UNIT_VETTING, ProfileState.REFUSED, ProfileState.ACTIVE)
HELPING = (VolunteerState.APPLIED, VolunteerState.ACTIVE)


def run(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def the_journey_ran(said):
    """Check the rosters that were imported, the large event with all 588, and events in every state."""
    assert "588 singles, 78 units, 33 matchmakers, 86 pairs, 29.3 %, 158 people in pairs" in said
    assert set(MatchEvent.objects.values_list("state", flat=True)) == set(EventState.values)
    assert Pair.objects.filter(event__state=EventState.REVEALED).count() == 86
    assert set(Choice.objects.values_list("round__event__state", flat=True)) == {EventState.CHOICE_OPEN}
    assert Invitation.objects.filter(event__restricted=True).exists()
    states = ImportRun.objects.order_by("pk").values_list("state", "fault_count", "added")
    assert list(states) == [
        (RunState.CHECKED_FAULTY, 20, 0),
        (RunState.IMPORTED, 0, 588),
        (RunState.IMPORTED, 0, 48),
    ]


def every_city_is_at_work(count):
    """Check that there are ``count`` cities, and that each has rows of every kind."""
    today = timezone.localdate()
    cities = list(Organization.objects.filter(kind=CITY))
    assert len(cities) == count
    empty = []
    for city in cities:
        at = {"organization__path__startswith": city.path}
        events = MatchEvent.objects.filter(organization=city)
        cases = MatchCase.objects.open().filter(**{f"volunteer__{name}": value for name, value in at.items()})
        profiles = SingleProfile.objects.filter(**{f"member__{name}": value for name, value in at.items()})
        calls = FollowUp.objects.filter(pair__event__organization=city)
        rows = {
            **{state: events.filter(state=state) for state in ON_THE_WAY},
            "waiting list": Participation.objects.filter(offering__in=events, state=SignUpState.WAITLISTED),
            **{f"profile {state}": profiles.filter(state=state) for state in PROFILES},
            "photo": profiles.filter(photos__isnull=False),
            **{f"volunteer {state}": Volunteer.objects.filter(state=state, **at) for state in HELPING},
            "case overdue": cases.filter(next_due__lt=today),
            "case to come": cases.filter(next_due__gt=today),
            "contact": cases.filter(last_contact_at__isnull=False),
            "introduction": Introduction.objects.filter(volunteer__organization=city),
            "follow-up done": calls.filter(state=FollowUpState.DONE),
            "ticket": HotlineTicket.objects.open().filter(**at),
            "demand": EventDemand.objects.filter(**at),
            "release": MediaRelease.objects.filter(**at),
        }
        empty += [(city.short_name, name) for name, found in rows.items() if not found.exists()]
    assert empty == [], empty


def every_state_stands(places):
    """Check that ``places`` (organisations) together have every state of four kinds of rows.

    These are pairs, follow-up calls, introductions and profiles.
    """
    for states, found in (
        (PairState, Pair.objects.filter(event__organization__in=places)),
        (FollowUpState, FollowUp.objects.filter(pair__event__organization__in=places)),
        (IntroductionState, Introduction.objects.filter(volunteer__organization__in=places)),
        (ProfileState, SingleProfile.objects.filter(member__organization__in=places)),
    ):
        assert set(found.order_by().values_list("state", flat=True)) == set(states.values)


def deadlines_are_those_of_their_rows():
    """Every open ticket and request has one open deadline, and its day is the day in the row."""
    for code, clock in clocks().items():
        rows = dict(clock.open().values_list("pk", clock.field))
        assert dict(Deadline.objects.open().filter(code=code).values_list("about_id", "due_on")) == rows, code
        assert rows, code
    before = Deadline.objects.count()
    deadlines_keep_time()
    assert Deadline.objects.count() == before
    assert Deadline.objects.filter(state="late").exists()


def touched_is_full():
    """Check that the services of the journey notified the figures of every change.

    The full recount at the end corrects nothing.
    """
    log = Recount.objects.filter(kind=RecountKind.FULL).latest("pk")
    assert list(FigureFault.objects.values_list("indicator", "organization__name", "start", "was", "now")[:20]) == []
    assert (log.mended, log.touches > 0) == (0, True)
    root = Organization.objects.get(parent=None)
    codes = ["MM01", "MM02", "MM02p", "MM03", "MM07"]
    found = figures.values(codes, [root.pk], Period.parse("2022..2026"))
    assert all(found[code, root.pk].value for code in codes)
