from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from matchmaking.choices import EventState
from matchmaking.models import Choice, MatchEvent, Pair
from portal.core.periods import Period
from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun
from portal.members.models import Member
from portal.organizations.models import Organization
from portal.statistics import selectors
from portal.statistics.choices import RecountKind
from portal.statistics.models import FigureFault, Recount
from portal.statistics.services import recount
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


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
    assert "already loaded" in run("load_demo")
    assert Member.objects.count() == people


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
