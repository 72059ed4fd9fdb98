"""Extreme but storable values in every field of every model.

After each round every page is opened and every periodic task is run.
"""

import time

import pytest
from django.db import transaction

from matchmaking.services.events import events_keep_time
from matchmaking.services.introductions import introductions_keep_time
from matchmaking.services.participations import offers_expire
from matchmaking.services.retention import profiles_keep_time
from matchmaking.services.weddings import weddings_keep_time
from portal.core.services import retention_run
from portal.exchange.services.sweeping import files_sweep
from portal.members.services.erasing import erasures_repeat
from portal.members.services.hand_overs import hand_overs_keep_time
from portal.members.services.transfers import transfers_expire
from portal.members.services.vouching import vouchings_expire
from portal.messaging.services.messages import deliver_due
from portal.messaging.services.reminders import reminders_plan
from portal.notices.services import notices_keep_time
from portal.statistics.services.recounting import recount_touched
from tests import databases
from tests.access.world import build, build_world, client_of
from tests.drills.extremes import ROUNDS, columns, plant_round
from tests.layout.addresses import addresses

READERS = ("member", "county", "province", "system")
# The probes for load balancers and monitors answer 503 by their own rules.
PROBES = {"readyz", "healthz"}
TASKS = {
    "events": events_keep_time,
    "weddings": weddings_keep_time,
    "offers": offers_expire,
    "profiles": profiles_keep_time,
    "introductions": introductions_keep_time,
    "notices": notices_keep_time,
    "vouchings": vouchings_expire,
    "transfers": transfers_expire,
    "hand-overs": hand_overs_keep_time,
    "erasures": erasures_repeat,
    "reminders": reminders_plan,
    "messages": deliver_due,
    "retention": retention_run,
    "files": files_sweep,
    "recount": recount_touched,
}


@pytest.fixture
def pages(fresh_database, servers_env):
    """The pages to open: (client, address, path).

    These are every address with its object, and for some readers every page. All rows are committed and analysed by
    PostgreSQL, whose planner treats tables without statistics as empty.
    """
    with transaction.atomic():
        found = everything()
    databases.vacuum(servers_env, fresh_database)
    return found


def everything():
    """Build the world with an object for each address.

    Returns (client, address, path) of all pages.
    """
    world = build_world()
    found, built = [], {}
    for address in addresses():
        if address.name in PROBES:
            continue
        # The admin pages about one model share a row.
        model = address.name.rpartition("_")[0] if address.is_admin and address.arguments else address.name
        asked = built[model] = built.get(model) or build(address, world.home)
        path = asked.path(address)
        own = world.clients["own"] if asked.person == world.home.chair else client_of(asked.person)
        readers = (own, *(world.clients[role] for role in READERS))
        clients = [own] if address.arguments else list({id(one): one for one in readers}.values())
        found += [(client, address.name, path) for client in clients]
    return found


def open_all(pages):
    """Return the pages that answer with a server error."""
    odd = []
    for client, name, path in pages:
        with transaction.atomic():
            response = client.get(path)
            if response.streaming:
                response.getvalue()
            transaction.set_rollback(True)
        if response.status_code >= 500:
            odd.append((name, path, response.status_code))
    return odd


def run_all():
    """Return the periodic tasks that end with an error."""
    odd = []
    for name, task in TASKS.items():
        try:
            with transaction.atomic():
                task()
                transaction.set_rollback(True)
        except Exception as error:
            odd.append((name, type(error).__name__))
    return odd


def undone(planting, pages):
    """Plant values, open every page, run every task, and roll everything back.

    Returns (what was planted, pages with errors, tasks with errors).
    """
    with transaction.atomic():
        planted = planting()
        found = planted, open_all(pages), run_all()
        transaction.set_rollback(True)
    return found


def test_every_page_stays_open(pages, measured, left_out):
    begun = time.monotonic()
    odd, stored, refused = {}, 0, 0
    for name in ROUNDS:
        planted, errors, tasks = undone(lambda name=name: plant_round(name, columns()), pages)
        stored, refused = stored + planted[0], refused + planted[1]
        if errors or tasks:
            odd[name] = [*errors, *tasks]
    measured(
        pages=len(pages),
        rounds=len(ROUNDS),
        stored=stored,
        refused=refused,
        left_out=len(left_out),
        seconds=round(time.monotonic() - begun),
    )
    # A row may be left out as long as its page works; the log lists the rows left out.
    assert odd == {}


def test_who_signs_in_and_where(pages, measured, left_out):
    """Extreme values in the columns that say who signs in and where.

    Only home pages are opened, for the people who can still sign in.
    """
    homes = [page for page in pages if page[1] == "home"]
    odd, stored, refused = {}, 0, 0
    for name in ROUNDS:
        for column in columns(who=True):
            with transaction.atomic():
                planted = plant_round(name, [column])
                errors = open_all(homes) if planted[0] else []
                transaction.set_rollback(True)
            stored, refused = stored + planted[0], refused + planted[1]
            if errors:
                odd[name, column[1].name] = errors
    measured(pages=len(homes), columns=len(columns(who=True)), stored=stored, refused=refused, left_out=len(left_out))
    assert odd == {}
