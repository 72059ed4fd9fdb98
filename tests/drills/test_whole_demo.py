"""The whole demo: all thirteen cities, as ``make demo`` loads them.

The suite loads two of them (tests/demo).
"""

import pytest
from django.db import connection

from portal.organizations.models import Organization
from portal.statistics.services.recounting import recount
from tests import databases
from tests.demo import loaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vacuumed(django_db_setup, servers_env):
    """Vacuum the database, to remove dead rows left by earlier drills."""
    databases.vacuum(servers_env, connection.settings_dict["NAME"])


def test_all_thirteen_cities_are_at_work(measured):
    recount()
    said = loaded.run("load_demo")
    loaded.touched_is_full()
    loaded.the_journey_ran(said)
    loaded.every_city_is_at_work(13)
    harbin = Organization.objects.get(region="230100", kind=loaded.CITY)
    loaded.every_state_stands(Organization.objects.exclude(path__startswith=harbin.path))
    measured(said=said.splitlines()[-1])
