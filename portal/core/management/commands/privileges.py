"""``manage.py privileges``: compare the database privileges with those of a fresh installation."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.core import privileges


class Command(BaseCommand):
    help = "Compare the rights of all roles with those of a fresh installation; with --repair also set them."
    # The failing database check tells the operator to run this command, so it must run without checks.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="set the rights where they differ")

    def handle(self, *, repair, **options):
        if repair:
            before, left = privileges.repair(connection)
            for line in before.lines(most=1000):
                self.stdout.write(f"repaired, {line}")
        else:
            with connection.cursor() as cursor:
                left = privileges.compare(cursor)
        for line in left.lines(most=1000):
            self.stdout.write(line)
        if left:
            raise CommandError("The rights are not those of a fresh installation.")
        self.stdout.write("The rights are those of a fresh installation.")
