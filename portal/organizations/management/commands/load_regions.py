"""``manage.py load_regions``: the province, its 13 prefecture-level and 121 county-level units."""

import csv
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.organizations.models import Region

SOURCE = Path(__file__).resolve().parents[2] / "data" / "regions.csv"


def regions():
    """Return the rows of the list as unsaved regions, parents first.

    All of them exist under these codes and names since the changes of 2019; ``valid_from`` is the first day on which
    the whole list holds, not the day a unit was founded.
    """
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = [
            Region(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                level=int(row["level"]),
                parent_id=row["parent"] or None,
                valid_from=date.fromisoformat(row["valid_from"]),
            )
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda region: (region.level, region.code))


class Command(BaseCommand):
    help = "Load or refresh the administrative regions of Heilongjiang."

    @transaction.atomic
    def handle(self, **options):
        known = set(Region.objects.values_list("code", flat=True))
        rows = regions()
        Region.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "short_name", "level", "parent", "valid_from"],
        )
        new = sum(region.code not in known for region in rows)
        self.stdout.write(f"{len(rows)} regions: {new} new, {len(rows) - new} refreshed")
