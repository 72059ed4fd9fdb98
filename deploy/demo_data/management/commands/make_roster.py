"""``manage.py make_roster PATH``: a roster of demo people as an Excel file, to try the import with."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from deploy.demo_data.cast import cast
from deploy.demo_data.importing import roster_file
from portal.core.demonstration import demo_only


class Command(BaseCommand):
    help = "Write a roster of demo people as an Excel file: 588 singles of 78 units, or 60 more of ten of these units."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--more", action="store_true", help="60 people who are on no roster of the demo yet")
        parser.add_argument(
            "--faults", action="store_true", help="with twenty rows that are wrong, each in another way"
        )

    def handle(self, *, path, more, faults, **options):
        demo_only()
        singles = cast().newcomers if more else cast().singles
        try:
            path.write_bytes(roster_file(singles, faults=faults))
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None
        self.stdout.write(f"{path}: {len(singles)} people, {20 if faults else 0} rows wrong")
