"""``manage.py setup_portal``: sets up a working province in an empty database."""

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation

from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.core.text import clean_line
from portal.members.choices import ProofMeans
from portal.members.models import Member
from portal.members.services.appointments import duty_give
from portal.members.services.invitations import invitation_link, invitation_send
from portal.members.services.people import member_create
from portal.messaging.channels import sms_is_set_up
from portal.organizations.choices import OrganizationKind
from portal.organizations.management.commands.load_regions import COLUMNS, SOURCE, RegionsError
from portal.organizations.management.commands.load_regions import regions as read_regions
from portal.organizations.models import Organization, Region
from portal.organizations.services.organizations import organization_create

ADMINISTRATORS = {
    "system": Role.SYSTEM_ADMINISTRATOR,
    "security": Role.SECURITY_ADMINISTRATOR,
    "audit": Role.AUDIT_ADMINISTRATOR,
}
# The first four people, because none of them could give the first duty of the work areas alone.
PEOPLE = {**ADMINISTRATORS, "chair": Role.CHAIR}
# Reference data. Each command loads its own and may be run again at any time.
REFERENCE = ("load_legal_parameters", "load_calendar", "load_rubrics")
# After this command, each change marks (touches) the figures to count again; a figure that a recount corrects is an
# error.
FIGURES = "recount_statistics"


class Command(BaseCommand):
    help = (
        "Set up an empty portal: regions, legal numbers, the provincial federation, three administrators and the first "
        "chair, each with a one-time link. All of it or nothing; no demo rows."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "answers",
            nargs="?",
            type=Path,
            help="JSON: province (its code), name, short_name, and for system, security, audit, chair each name, sex, "
            "phone; '-' reads standard input. Without it the command asks. Names and phones are no options, which "
            "lists of processes show.",
        )
        parser.add_argument(
            "--regions", type=Path, help=f"CSV with the regions of another province: {', '.join(COLUMNS)}."
        )

    def handle(self, *, answers, regions=None, **options):
        self._check()
        province = self._province(regions)
        given = self._read(answers) if answers else self._ask(province)
        if given["province"] != province.code:
            raise CommandError(
                f"These are the regions of {province.name} ({province.code}). For another province, name a file with "
                f"its regions, --regions FILE: {', '.join(COLUMNS)}, in UTF-8, one line a region, codes by GB/T 2260."
            )
        with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            try:
                links = self._set_up(given, regions)
            except DomainError as error:
                raise CommandError(str(error.message)) from None
            except ValidationError as error:
                raise CommandError(" ".join(map(str, error.messages))) from None
        self.stdout.write("\nThe portal is set up. Hand each person her link; it works once and for a few days:")
        for duty, link in links.items():
            self.stdout.write(f"  {duty}{' administrator' if duty in ADMINISTRATORS else ''}: {link}")
        self.stdout.write(
            "\nNext: the chair puts people on the roster and proposes the chairs of the cities. The system "
            "administrator looks at /admin/ and compares the legal numbers with the law in force."
        )
        if not sms_is_set_up():
            self.stdout.write(
                "No SMS provider is set up (PORTAL_SMS_BACKEND): these four sign in with an authenticator, which the "
                "link sets up; nobody else can sign in by phone before there is one."
            )

    def _province(self, source):
        """Return the province from the list of regions that will be loaded."""
        try:
            return next(region for region in read_regions(source or SOURCE) if region.level == 1)
        except RegionsError as error:
            raise CommandError(str(error)) from None

    def _check(self):
        """Refuse to run on a database that is not migrated or not empty."""
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not migrated: run manage.py migrate first.")
        if Organization.objects.exists() or Member.objects.exists():
            raise CommandError("There are organisations or people already: a portal is set up once.")

    def _read(self, path):
        try:
            text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
            found = json.loads(text)
            people = [found[duty] for duty in PEOPLE]
            given = {
                "province": str(found["province"]),
                "name": found["name"],
                "short_name": found.get("short_name", ""),
            }
            given |= {
                duty: {key: person[key] for key in ("name", "sex", "phone")}
                for duty, person in zip(PEOPLE, people, strict=True)
            }
        except KeyError as error:
            raise CommandError(f"The answers say nothing about {error}.") from None
        except (OSError, ValueError, TypeError) as error:
            raise CommandError(f"The answers cannot be read: {type(error).__name__}.") from None
        return given

    def _ask(self, province):
        self.stdout.write(f"The regions at hand are those of {province.name}.")
        given = {
            "province": input(f"Code of your province, six digits (Enter: {province.code}): ").strip() or province.code,
            "name": input("Full name of the provincial federation: "),
            "short_name": input("Short name: "),
        }
        for duty in PEOPLE:
            words = f"The {duty} administrator" if duty in ADMINISTRATORS else "The first chair of the province"
            self.stdout.write(f"{words}, one of four different people:")
            given[duty] = {
                "name": input("  Full name: "),
                "sex": input("  Sex (female or male): "),
                "phone": input("  Mobile number: "),
            }
        return given

    def _set_up(self, given, source):
        """Create everything; return the links by duty."""
        phones = {clean_line(given[duty]["phone"]).replace(" ", "") for duty in PEOPLE}
        if len(phones) != len(PEOPLE):
            raise CommandError(
                "The three administrators and the chair are four different people with their own phones."
            )
        if any(given[duty]["sex"] not in Sex.values for duty in PEOPLE):
            raise CommandError("The sex of a person is female or male.")
        call_command("load_regions", *filter(None, [source]), stdout=self.stdout)
        for command in REFERENCE:
            call_command(command, stdout=self.stdout)
        root = organization_create(
            actor=None,
            kind=OrganizationKind.PROVINCE,
            name=clean_line(given["name"]),
            short_name=clean_line(given["short_name"]),
            region=Region.objects.filter(parent=None, statistical=False).order_by("code").first(),
        )
        links = {}
        for duty, role in PEOPLE.items():
            person = given[duty]
            member = member_create(
                actor=None,
                organization=root,
                name=clean_line(person["name"]),
                sex=person["sex"],
                phone=person["phone"],
            )
            # The person who installs the portal names these members, because nobody could confirm them yet.
            Member.objects.filter(pk=member.pk).update(proven_at=timezone.now(), proof=ProofMeans.SET_UP)
            duty_give(actor=None, member=member, organization=root, role=role)
            links[duty] = invitation_link(invitation_send(actor=None, member=member).pk)
        call_command(FIGURES, stdout=self.stdout)
        return links
