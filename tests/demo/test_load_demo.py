import pytest
from django.core.management import CommandError
from django.db import connection

from portal.members.models import Member
from portal.organizations.models import Organization
from portal.statistics.services.recounting import recount
from tests import databases
from tests.demo import loaded
from tests.demo.loaded import run
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def vacuumed(django_db_setup, servers_env):
    """Vacuum the database before the load.

    Rows of earlier tests that were rolled back make a load of one minute take several.
    """
    databases.vacuum(servers_env, connection.settings_dict["NAME"])


def test_the_journey_runs_with_all_588():
    """Two cities are loaded, one by import and one in bulk; ``make drill`` loads all thirteen.

    One load covers both: a second load in the same tables would find the statistics of the first, which was rolled
    back.
    """
    recount()
    said = run("load_demo", "--cities", "2")
    people = Member.objects.count()
    loaded.touched_is_full()
    loaded.the_journey_ran(said)
    loaded.every_city_is_at_work(2)
    loaded.every_state_stands(Organization.objects.all())
    loaded.deadlines_are_those_of_their_rows()

    accounts = run("demo_accounts")
    assert "qiqihar-jiceng" in accounts
    assert "mudanjiang" not in accounts

    assert "already loaded" in run("load_demo", "--cities", "2")
    assert Member.objects.count() == people


@pytest.mark.parametrize("count", ["1", "14"])
def test_so_many_cities_there_are_not(count):
    with pytest.raises(CommandError, match="from 2 to 13 cities"):
        run("load_demo", "--cities", count)
    assert Organization.objects.count() == 0


def test_a_portal_in_use_is_left_alone():
    make_organization()
    with pytest.raises(CommandError, match="empty portal"):
        run("load_demo")
    assert Member.objects.count() == 0


def test_accounts_name_each_member_of_staff():
    said = run("demo_accounts")
    assert all(name in said for name in ("sheng-zhuxi", "shi-ganbu", "shi-shenhe", "xian-ganbu", "audit-admin"))
    assert "Every other city has NAME-zhuxi" in said


def test_a_roster_is_written(tmp_path):
    path = tmp_path / "roster.xlsx"
    assert "588 people, 20 rows wrong" in run("make_roster", str(path), "--faults")
    assert path.read_bytes()[:2] == b"PK"


def test_a_roster_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run("make_roster", str(tmp_path / "nowhere" / "roster.xlsx"))
