"""Loads the legal numbers that ship with the portal."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.organizations.models import LegalParameter

SOURCE = Path(__file__).resolve().parents[2] / "data" / "legal_parameters.csv"


class Command(BaseCommand):
    help = "Load the legal numbers that ship with the portal; rows edited since are left as they are."

    @transaction.atomic
    def handle(self, *args, **options):
        created = 0
        with SOURCE.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                _row, new = LegalParameter.objects.get_or_create(
                    key=row["key"],
                    region_id=row["region"] or None,
                    valid_from=row["valid_from"],
                    defaults={
                        "value": row["value"],
                        "unit": row["unit"],
                        "source": row["source"],
                        "verified": row["verified"] == "true",
                    },
                )
                created += new
        self.stdout.write(f"legal parameters: {created} new, {LegalParameter.objects.count()} in all")
