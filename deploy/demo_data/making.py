"""The demo in an empty portal: province, cities, units, staff, rosters, accounts."""

from django.core.management import call_command
from django.db import connection

from deploy.demo_data import accounts
from deploy.demo_data.importing import rosters_import
from deploy.demo_data.tree import tree_plant
from deploy.demo_data.world import World, step
from portal.organizations.models import Organization

# Number of people on the roster of the second city who have opened their accounts.
ELSEWHERE = 30


def world_make(people, out):
    """Create the world of ``people`` and return it; runs in the transaction of the whole demo."""
    take_time()
    for command in ("load_regions", "load_legal_parameters", "load_calendar", "load_rubrics"):
        call_command(command, stdout=out)
    accounts.cards_issue(people)
    places, units = step(out, "organisations", tree_plant, people)
    staff = step(out, "staff", accounts.staff_appoint, people, places, units)
    step(out, "rosters", rosters_import, people, places, staff)
    # The import has set its own limit, which holds for the rest of the transaction.
    take_time()
    step(out, "people of no roster file", _people_write, people, places, units)
    # Read from the database, because objects of rows written in bulk lack the values that the database filled in.
    places = _fresh(places)
    world = World(people=people, places=places, units=_fresh(units), staff=staff, members={}, out=out)
    opened = [*(single.person for single in people.singles), *people.volunteers]
    opened += [single.person for single in people.elsewhere[:ELSEWHERE]]
    opened += [person for city in people.cities for person in city.volunteers]
    step(out, "accounts", world.open_accounts, opened)
    return world


def _people_write(people, places, units):
    accounts.people_write(people, places, units)
    accounts.rosters_write(people.cities, units)


def _fresh(organizations):
    """Return the dict ``organizations`` with its values read again, each with its region."""
    rows = Organization.objects.select_related("region").in_bulk([row.pk for row in organizations.values()])
    return {key: rows[row.pk] for key, row in organizations.items()}


def take_time():
    """Switch the statement timeout off: this is one long transaction, and nobody waits for a page."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
