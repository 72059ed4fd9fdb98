"""Loads the reference data of matchmaking: hobbies to choose from, and the weights of the score."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from matchmaking.introductions import WEIGHTS
from matchmaking.models import HobbyTag, ScoreWeight

SOURCE = Path(__file__).resolve().parents[2] / "data" / "hobbies.csv"


class Command(BaseCommand):
    help = "Load hobbies and weights of matchmaking; rows edited since are left as they are."

    @transaction.atomic
    def handle(self, *args, **options):
        created = 0
        with SOURCE.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                created += HobbyTag.objects.get_or_create(name=row["name"], defaults={"order": row["order"]})[1]
        for key, weight in WEIGHTS.items():
            created += ScoreWeight.objects.get_or_create(key=key, defaults={"weight": weight})[1]
        self.stdout.write(f"matchmaking: {created} new rows of reference data")
