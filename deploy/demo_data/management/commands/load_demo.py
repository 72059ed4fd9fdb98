"""``manage.py load_demo``: load all demo data with the services that pages call, or nothing."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from deploy.demo_data.cast import CITIES, STAFF, cast
from deploy.demo_data.importing import roster_file
from deploy.demo_data.making import world_make
from portal.core.demonstration import demo_only
from portal.core.discovery import declared
from portal.members.backends import login_key_of_name
from portal.members.models import Member
from portal.messaging.channels import FileSms, sms_backend
from portal.organizations.models import Organization

# Commands of the shared packages that run after the areas have loaded their rows.
COMMANDS = (
    "load_demo_facts",
    "load_demo_requests",
    "load_demo_accounts",
    "load_demo_children",
    "load_demo_notices",
    "recount_statistics",
)


class Command(BaseCommand):
    help = "Load the demo into an empty portal: organisations, people, accounts, and the demo rows of each area."

    def add_arguments(self, parser):
        parser.add_argument(
            "--cities",
            type=int,
            default=len(CITIES),
            metavar="N",
            help=f"the first N cities only, 2 to {len(CITIES)} (default: all)",
        )

    def handle(self, *, cities, **options):
        demo_only()
        try:
            people = cast().only(cities)
        except ValueError as error:
            raise CommandError(f"The demo has {error}.") from None
        if Member.objects.filter(login_key=login_key_of_name(STAFF[0][0])).exists():
            self.stdout.write("The demo data is already loaded.")
            return
        if Organization.objects.exists():
            raise CommandError("There are organisations already; the demo is loaded into an empty portal only.")
        if not isinstance(sms_backend(), FileSms):
            raise CommandError("The demo's people read their codes from files: SMS_BACKEND must be the file channel.")
        begun = time.monotonic()
        # A half-loaded demo could not be continued; in one transaction an interruption leaves nothing behind.
        with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            told = self._load(people)
        self._files(people)
        self.stdout.write(": ".join([f"Loaded in {time.monotonic() - begun:.0f} s", *told]))

    def _load(self, people):
        """Load everything; return the summary lines of the areas."""
        world = world_make(people, self.stdout)
        # A new organisation requests a recount of all its figures. They are counted now, so that later rows have to
        # request their own.
        call_command("recount_statistics", stdout=self.stdout)
        told = [world.step(module.__name__, module.load, world) for module in declared("demo")]
        for command in COMMANDS:
            call_command(command, stdout=self.stdout)
        return [line for line in told if line]

    def _files(self, people):
        """Write rosters to try the import with."""
        folder = Path(settings.PRIVATE_STORAGE_DIR).parent / "rosters"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with translation.override(settings.LANGUAGE_CODE):
            (folder / "loaded.xlsx").write_bytes(roster_file(people.singles))
            (folder / "more.xlsx").write_bytes(roster_file(people.newcomers))
            (folder / "more-with-faults.xlsx").write_bytes(roster_file(people.newcomers, faults=True))
        self.stdout.write(f"Rosters to try the import with: {folder}")
