"""``manage.py load_regions``: loads the province and its prefecture-level and county-level units.

The list of Heilongjiang is included. The other provinces are loaded with it, as rows to which legal parameters belong:
they have the mark ``statistical``, so no organisation, place or person is in one of them.
"""

import csv
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.organizations.models import Region

DATA = Path(__file__).resolve().parents[2] / "data"
SOURCE = DATA / "regions.csv"
PROVINCES = DATA / "provinces.csv"
COLUMNS = ("code", "name", "short_name", "level", "parent", "valid_from")
LEVELS = (1, 2, 3)
PROVINCES_FROM = date(2020, 1, 1)


class RegionsError(Exception):
    """Raised when a list of regions is refused; the text gives the line and the reason."""


def regions(source=SOURCE):
    """Return the rows of the list as unsaved regions, parents first; raise RegionsError for a bad list.

    ``source`` is a CSV file in UTF-8 with the columns of COLUMNS: codes of six digits (GB/T 2260), level 1 the province
    (one row, without parent), 2 prefecture-level, 3 county-level, ``valid_from`` as YYYY-MM-DD. That is the first day
    on which the whole list applies with these codes and names, not the day on which a region was founded.
    """
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RegionsError(f"{source} cannot be read: {type(error).__name__}.") from None
    if not lines or not set(COLUMNS) <= set(lines[0]):
        raise RegionsError(f"{source} needs the columns {', '.join(COLUMNS)} and at least one row.")
    rows = [_region(number, line) for number, line in enumerate(lines, start=2)]
    _check_tree(rows)
    return sorted(rows, key=lambda region: (region.level, region.code))


def _region(number, line):
    """Return one line as an unsaved region, or raise RegionsError with the line number."""
    try:
        row = Region(
            code=line["code"].strip(),
            name=line["name"].strip(),
            short_name=line["short_name"].strip(),
            level=int(line["level"]),
            parent_id=line["parent"].strip() or None,
            valid_from=date.fromisoformat(line["valid_from"].strip()),
        )
        row.clean_fields(exclude=("parent",))
    except (AttributeError, ValueError, ValidationError) as error:
        reasons = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise RegionsError(f"Line {number} of the regions: {reasons}") from None
    if not (len(row.code) == 6 and row.code.isascii() and row.code.isdigit()) or row.level not in LEVELS:
        raise RegionsError(f"Line {number} of the regions: the code has six digits, the level is 1, 2 or 3.")
    return row


def _check_tree(rows):
    """Refuse duplicate codes, more than one province, and a parent that is not one or two levels above."""
    levels = {row.code: row.level for row in rows}
    if len(levels) != len(rows):
        raise RegionsError("A code stands twice in the list of regions.")
    if [row.parent_id for row in rows if row.level == 1] != [None]:
        raise RegionsError("The list of regions has one province, level 1, without a parent.")
    for row in rows:
        if row.level > 1 and levels.get(row.parent_id, row.level) >= row.level:
            raise RegionsError(f"The parent of {row.code} is not in the list or not above it.")


def other_provinces(own):
    """Return the provinces beside the one with the code ``own``, as unsaved regions."""
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        return [
            Region(level=1, statistical=True, valid_from=PROVINCES_FROM, **line)
            for line in csv.DictReader(file)
            if line["code"] != own
        ]


class Command(BaseCommand):
    help = "Load or refresh the administrative regions: of Heilongjiang, or of the province in a file (CSV)."

    def add_arguments(self, parser):
        parser.add_argument("source", nargs="?", type=Path, default=SOURCE, help=f"CSV: {', '.join(COLUMNS)}")

    @transaction.atomic
    def handle(self, *, source=SOURCE, **options):
        known = set(Region.objects.values_list("code", flat=True))
        try:
            rows = regions(source)
        except RegionsError as error:
            raise CommandError(str(error)) from None
        (province,) = (row.code for row in rows if row.level == 1)
        if Region.objects.filter(level=1, statistical=False).exclude(code=province).exists():
            raise CommandError("This portal has the regions of another province: a portal serves one.")
        Region.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "short_name", "level", "parent", "valid_from"],
        )
        Region.objects.bulk_create(other_provinces(province), ignore_conflicts=True)
        new = sum(region.code not in known for region in rows)
        self.stdout.write(f"{len(rows)} regions: {new} new, {len(rows) - new} refreshed")
