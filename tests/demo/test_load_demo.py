from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from matchmaking.choices import (
    EventState,
    FollowUpState,
    IntroductionState,
    PairState,
    ProfileState,
    VolunteerState,
)
from matchmaking.models import (
    Choice,
    EventDemand,
    FollowUp,
    HotlineTicket,
    Introduction,
    MatchCase,
    MatchEvent,
    MediaRelease,
    Pair,
    Participation,
    SingleProfile,
    Volunteer,
)
from portal.core.periods import Period
from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun
from portal.members.models import Member
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.signups.choices import SignUpState
from portal.statistics import selectors
from portal.statistics.choices import RecountKind
from portal.statistics.models import FigureFault, Recount
from portal.statistics.services import recount
from tests import databases
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def vacuumed(django_db_setup, servers_env):
    """What tests before these left of rows rolled back makes a load of minutes one of a quarter of an hour."""
    databases.vacuum(servers_env, connection.settings_dict["NAME"])


CITY = OrganizationKind.CITY
ON_THE_WAY = (EventState.PUBLISHED, EventState.CHOICE_OPEN, EventState.SUBMITTED)
PROFILES = (ProfileState.DRAFT, ProfileState.UNIT_VETTING, ProfileState.REFUSED, ProfileState.ACTIVE)
HELPING = (VolunteerState.APPLIED, VolunteerState.ACTIVE)


def run(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_the_journey_runs_with_all_588():
    """One load holds both: a second one in the same tables finds the statistics of the first, which was rolled back."""
    recount()
    said = run("load_demo")
    people = Member.objects.count()
    touched_is_full()

    assert "588 singles, 78 units, 33 matchmakers, 86 pairs, 29.3 %, 158 people in pairs" in said
    assert set(MatchEvent.objects.values_list("state", flat=True)) == set(EventState.values)
    assert Pair.objects.filter(event__state=EventState.REVEALED).count() == 86
    assert set(Choice.objects.values_list("round__event__state", flat=True)) == {EventState.CHOICE_OPEN}
    states = ImportRun.objects.order_by("pk").values_list("state", "fault_count", "added")
    assert list(states) == [
        (RunState.CHECKED_FAULTY, 20, 0),
        (RunState.IMPORTED, 0, 588),
        (RunState.IMPORTED, 0, 48),
    ]
    every_city_is_at_work()
    assert "already loaded" in run("load_demo")
    assert Member.objects.count() == people


def every_city_is_at_work():
    """In each city there is something of each sort; over all of them every state there is."""
    today = timezone.localdate()
    cities = list(Organization.objects.filter(kind=CITY))
    assert len(cities) == 13
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
    elsewhere = Organization.objects.exclude(path__startswith=Organization.objects.get(region="230100", kind=CITY).path)
    for states, found in (
        (PairState, Pair.objects.filter(event__organization__in=elsewhere)),
        (FollowUpState, FollowUp.objects.filter(pair__event__organization__in=elsewhere)),
        (IntroductionState, Introduction.objects.filter(volunteer__organization__in=elsewhere)),
        (ProfileState, SingleProfile.objects.filter(member__organization__in=elsewhere)),
    ):
        assert set(found.order_by().values_list("state", flat=True)) == set(states.values)


def touched_is_full():
    """The services of the journey told the figures of all they did: the full recount at its end mends nothing."""
    log = Recount.objects.filter(kind=RecountKind.FULL).latest("pk")
    assert list(FigureFault.objects.values_list("indicator", "organization__name", "start", "was", "now")[:20]) == []
    assert (log.mended, log.touches > 0) == (0, True)
    root = Organization.objects.get(parent=None)
    codes = ["MM01", "MM02", "MM02p", "MM03", "MM07"]
    found = selectors.values(codes, [root.pk], Period.parse("2022..2026"))
    assert all(found[code, root.pk].value for code in codes)


def test_a_portal_in_use_is_left_alone():
    make_organization()
    with pytest.raises(CommandError, match="empty portal"):
        run("load_demo")
    assert Member.objects.count() == 0


def test_production_takes_no_demo_people(settings):
    settings.ALLOW_DEMO_PEOPLE = False
    with pytest.raises(CommandError, match="demo and test settings only"):
        run("load_demo")


def test_accounts_name_each_member_of_staff():
    said = run("demo_accounts")
    assert all(name in said for name in ("sheng-zhuxi", "shi-ganbu", "shi-shenhe", "xian-ganbu", "audit-admin"))


def test_a_roster_is_written(tmp_path):
    path = tmp_path / "roster.xlsx"
    assert "588 people, 20 rows wrong" in run("make_roster", str(path), "--faults")
    assert path.read_bytes()[:2] == b"PK"


def test_a_roster_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run("make_roster", str(tmp_path / "nowhere" / "roster.xlsx"))
