"""``manage.py load_demo``: the demo's data, made by the services that pages call, all of it or none."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import translation

from deploy.demo_data import cast
from deploy.demo_data.cast import HARBIN, PROVINCE, QIQIHAR, STAFF
from deploy.demo_data.world import World
from matchmaking.management.commands import _demo_after as after
from matchmaking.management.commands import _demo_events as events
from matchmaking.management.commands import _demo_matchmakers as helpers
from matchmaking.management.commands import _demo_people as folk
from matchmaking.management.commands import _demo_province as province
from matchmaking.management.commands import _demo_singles as profiles
from matchmaking.management.commands._demo_planning import planning_load
from matchmaking.management.commands._demo_roster import roster_file
from matchmaking.selectors import event_figures
from portal.core.discovery import declared
from portal.members.backends import login_key_of_name
from portal.members.models import Member
from portal.messaging.channels import FileSms, sms_backend
from portal.organizations.models import Organization

# 588 singles of 78 units, 33 matchmakers, 86 pairs: 29.3 %, with 14 people in two pairs.
EXPECTED = {"people": 588, "units": 78, "matchmakers": 33, "pairs": 86, "people_in_pairs": 158}


class Command(BaseCommand):
    help = "Load the demo: organisations, people, a held event with its pairs, and events in every other state."

    def handle(self, **options):
        if not settings.ALLOW_DEMO_PEOPLE:
            raise CommandError("Demo people exist under the demo and test settings only.")
        if Member.objects.filter(login_key=login_key_of_name(STAFF[0][0])).exists():
            self.stdout.write("The demo data is already loaded.")
            return
        if Organization.objects.exists():
            raise CommandError("There are organisations already; the demo is loaded into an empty portal only.")
        if not isinstance(sms_backend(), FileSms):
            raise CommandError("The demo's people read their codes from files: SMS_BACKEND must be the file channel.")
        begun = time.monotonic()
        # With half of it loaded nothing could go on; in one transaction a break leaves nothing behind.
        with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            self._take_time()
            figures = self._load(cast())
        self._files(cast())
        self.stdout.write(f"Loaded in {time.monotonic() - begun:.0f} s: {figures}")

    def _load(self, people):
        for command in ("load_regions", "load_legal_parameters", "load_calendar", "load_matchmaking"):
            call_command(command, stdout=self.stdout)
        folk.cards_issue(folk.everybody(people))
        by_code, units = self._step("organisations", folk.tree_plant, people)
        staff = self._step("staff", folk.staff_appoint, people, by_code, units)
        self._step("rosters", self._rosters, people, by_code, staff)
        # The import has set its own limit, and it holds for the rest of the transaction.
        self._take_time()
        counties = sorted({unit.county for unit in people.units})
        folk.people_write(people, units, [by_code[code] for code in counties])
        persons = [*(single.person for single in people.singles), *people.volunteers]
        self._step("accounts", folk.accounts_activate, persons)
        members = folk.members_of(persons)
        city = events.Stage(
            organization=by_code[HARBIN],
            proposer=staff["shi-ganbu"],
            approver=staff["shi-shenhe"],
            members=members,
        )
        county = events.Stage(
            organization=staff["xian-ganbu"].organization,
            proposer=staff["xian-ganbu"],
            approver=staff["xian-zhuxi"],
            members=members,
        )
        matchmakers = [members[person.phone] for person in people.volunteers]
        self._step("small event", events.county_event, county, people)
        held = self._step("held event", events.held_event, city, people, matchmakers)
        self._step("open event", events.open_event, city, people)
        self._step("choice round", events.choice_event, city, people, matchmakers)
        self._step("planned events", events.planned_events, city, people)
        self._step("after the event", after.after_event, city, held)
        elsewhere = [single.person for single in people.elsewhere]
        self._step("accounts elsewhere", folk.accounts_activate, elsewhere[:30])
        self._step("profiles", profiles.singles_load, people, members | folk.members_of(elsewhere))
        self._step("planning", planning_load, people, by_code, units, staff, members, city)
        singles = [members[single.person.phone] for single in people.singles]
        self._step("matchmakers", helpers.matchmakers_demo, city, singles, matchmakers)
        towns = self._step("other cities: accounts", province.towns_open, people, by_code, staff)
        self._step("other cities: matchmakers", province.towns_care, towns)
        self._step("other cities: events", province.towns_meet, towns, by_code[PROVINCE], staff)
        self._step("other cities: weddings, calls, demands", province.towns_after, towns)
        world = World(places=by_code, staff=staff)
        for module in declared("demo"):
            self._step(module.__name__, module.load, world)
        for command in (
            "load_demo_facts",
            "load_demo_requests",
            "load_demo_accounts",
            "load_demo_children",
            "load_demo_notices",
            "recount_statistics",
        ):
            call_command(command, stdout=self.stdout)
        return self._figures(held)

    @staticmethod
    def _take_time():
        """Let queries last: one long transaction, and nobody waits for a page."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")

    def _step(self, name, work, *arguments):
        begun = time.monotonic()
        result = work(*arguments)
        self.stdout.write(f"  {name}: {time.monotonic() - begun:.1f} s")
        self.stdout.flush()
        return result

    def _rosters(self, people, by_code, staff):
        """A faulty file first, then the corrected one, as it goes; and the roster of another city."""
        city = {"actor": staff["shi-ganbu"], "organization": by_code[HARBIN], "singles": people.singles}
        folk.roster_import(name="哈尔滨单身职工名册（初稿）.xlsx", faults=True, **city)
        folk.roster_import(name="哈尔滨单身职工名册.xlsx", **city)
        folk.roster_import(
            name="齐齐哈尔单身职工名册.xlsx",
            actor=staff["qiqihar-ganbu"],
            organization=by_code[QIQIHAR],
            singles=people.elsewhere,
        )

    def _figures(self, event):
        found = event_figures(event)
        counted = {name: getattr(found, name) for name in EXPECTED}
        if counted != EXPECTED:
            raise CommandError(f"The held event came out otherwise than planned: {counted}")
        return (
            f"{found.people} singles, {found.units} units, {found.matchmakers} matchmakers, {found.pairs} pairs, "
            f"{found.rate:.1f} %, {found.people_in_pairs} people in pairs"
        )

    def _files(self, people):
        """Lay rosters ready to try the import with."""
        folder = Path(settings.PRIVATE_STORAGE_DIR).parent / "rosters"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with translation.override(settings.LANGUAGE_CODE):
            (folder / "loaded.xlsx").write_bytes(roster_file(people.singles))
            (folder / "more.xlsx").write_bytes(roster_file(people.newcomers))
            (folder / "more-with-faults.xlsx").write_bytes(roster_file(people.newcomers, faults=True))
        self.stdout.write(f"Rosters to try the import with: {folder}")
