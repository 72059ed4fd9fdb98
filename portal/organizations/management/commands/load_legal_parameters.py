"""Loads the legal parameters that ship with the portal."""

import csv
from pathlib import Path

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from portal.organizations.models import LegalParameter, Region


def sources():
    """Return the files of legal parameters, ``<app>/data/legal_parameters.csv``, in the order of the apps."""
    paths = [Path(config.path) / "data" / "legal_parameters.csv" for config in apps.get_app_configs()]
    return [path for path in paths if path.is_file()]


class Command(BaseCommand):
    help = "Load the legal numbers that ship with the portal; rows edited since are left as they are."

    @transaction.atomic
    def handle(self, *args, **options):
        created, skipped = 0, 0
        regions = set(Region.objects.values_list("code", flat=True))
        for path in sources():
            for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
                if row["region"] and row["region"] not in regions:
                    skipped += 1
                    continue
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
        if skipped:
            self.stderr.write(f"{skipped} left out, because their regions are missing: run load_regions, then again.")
