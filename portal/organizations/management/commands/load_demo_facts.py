"""Loads committees, head counts and employers into a demo, through the services.

It also sets industry and ownership.
"""

import random
from datetime import date

from django.core.management.base import BaseCommand
from django.db import transaction
from stdnum.cn import uscc as uscc_number

from portal.core.demonstration import demo_only
from portal.organizations.choices import CommitteeKind, Industry, OrganizationKind, Ownership
from portal.organizations.models import HeadCount, Organization, WomenCommittee
from portal.organizations.services.employers import employer_create
from portal.organizations.services.facts import committee_build, committees_bulk_create, head_counts_bulk_create
from portal.organizations.services.organizations import organization_update

EMPLOYERS = 12
BEGAN = date(2023, 5, 1)
COUNTED = (date(2024, 12, 31), date(2025, 12, 31))
# A union with ten women members or more has a committee, a smaller one a commissioner.
COMMITTEE_FROM = 10


class Command(BaseCommand):
    help = "Load dated facts of organisations into a demonstration; does nothing where some are."

    @transaction.atomic
    def handle(self, **options):
        demo_only()
        if WomenCommittee.objects.exists() or HeadCount.objects.exists():
            self.stdout.write("Facts are there already.")
            return
        chance = random.Random(20251231)  # noqa: S311 - invented figures, no secret
        units = list(Organization.objects.filter(closed_on=None).order_by("pk"))
        terms, counts = [], []
        for unit in units:
            rows = [self._count(chance, unit, day) for day in COUNTED]
            counts += rows
            large = rows[-1].women_members >= COMMITTEE_FROM
            terms.append(
                committee_build(
                    organization=unit,
                    kind=CommitteeKind.COMMITTEE if large else CommitteeKind.COMMISSIONER,
                    founded_on=date(chance.randrange(1990, 2019), 3, 8),
                    term_from=BEGAN,
                    term_years=5,
                    chair_post="工会副主席" if large else "",
                )
            )
        committees_bulk_create(rows=terms)
        head_counts_bulk_create(rows=counts)
        made = self._employers(chance, units)
        self.stdout.write(f"Loaded {len(terms)} committees, {len(counts)} counts, {made} employers.")

    @staticmethod
    def _count(chance, unit, day):
        workers = chance.randrange(12, 1800) if unit.kind == OrganizationKind.GRASSROOTS else chance.randrange(20, 120)
        women = chance.randrange(workers // 4, workers // 2 + 1)
        return HeadCount(
            organization=unit,
            on=day,
            workers=workers,
            women_workers=women,
            members=workers * 9 // 10,
            women_members=women * 9 // 10,
        )

    @staticmethod
    def _employers(chance, units):
        plants = [unit for unit in units if unit.kind == OrganizationKind.GRASSROOTS][:EMPLOYERS]
        for number, unit in enumerate(plants):
            body = f"91239999MA{number:07d}"
            employer = employer_create(
                actor=None,
                organization=unit.parent,
                name=unit.name.removesuffix("工会"),
                uscc=body + uscc_number.calc_check_digit(body),
                region=unit.region,
            )
            organization_update(
                actor=None,
                organization=unit,
                version=unit.version,
                employer=employer,
                industry=chance.choice([Industry.C, Industry.F, Industry.G, Industry.I, Industry.Q]),
                ownership=chance.choice([Ownership.STATE, Ownership.PRIVATE, Ownership.COLLECTIVE]),
            )
        return len(plants)
