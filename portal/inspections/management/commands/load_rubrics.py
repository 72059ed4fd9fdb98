"""Loads the rubrics that ship with the portal."""

import csv
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.inspections.models import Rubric
from portal.inspections.services.rubrics import rubric_load


def rows_of(path):
    """Return the lines of a CSV file as dicts; none where there is no file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.is_file() else []


def by_rubric(rows):
    """Return {code of the rubric: its lines} in the order of the file."""
    return {code: list(found) for code, found in groupby(rows, key=itemgetter("rubric"))}


class Command(BaseCommand):
    """Reads ``data/rubrics.csv`` and ``data/rubric_grades.csv`` of each area.

    The area of a rubric is the app that ships it.
    """

    help = "Load the rubrics that ship with the portal; rubrics that exist are left as they are."

    @transaction.atomic
    def handle(self, *args, **options):
        created = 0
        for config in apps.get_app_configs():
            folder = Path(config.path) / "data"
            grades = by_rubric(rows_of(folder / "rubric_grades.csv"))
            for code, rows in by_rubric(rows_of(folder / "rubrics.csv")).items():
                try:
                    created += rubric_load(
                        code=code,
                        name=rows[0]["name"],
                        area=config.label,
                        rows=rows,
                        grades=[(int(row["least"]), row["grade"]) for row in grades.get(code, [])],
                    )
                except ValueError as error:
                    raise CommandError(str(error)) from error
        self.stdout.write(f"rubrics: {created} new, {Rubric.objects.count()} in all")
