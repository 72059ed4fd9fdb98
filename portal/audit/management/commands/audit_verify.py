"""Checks the audit against its seals and, if given, against the log stream."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.audit.verifying import verify


class Command(BaseCommand):
    help = "Names audit entries that were changed, are missing or came late, and seals that do not hold."

    def add_arguments(self, parser):
        parser.add_argument("--log", action="append", default=[], help="a file of the log stream; may be repeated")

    def handle(self, *args, log, **options):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # reads every year
        lines = []
        for name in log:
            with open(name, encoding="utf-8", errors="replace") as stream:
                lines += [line for line in stream if "audit seal number=" in line]
        seals, entries, findings = verify(lines)
        for finding in findings:
            self.stdout.write(f"{finding.kind}: {finding.words}")
        self.stdout.write(f"{seals} seals, {entries} sealed entries, {len(findings)} findings")
        if findings:
            raise CommandError("the audit does not hold")
