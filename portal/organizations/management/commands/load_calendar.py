"""Loads the days off and the shifted working days that the chinesecalendar package knows."""

from chinese_calendar import constants
from django.core.management.base import BaseCommand
from django.db import transaction

from portal.organizations.choices import DayKind
from portal.organizations.models import CalendarDay

FIRST_YEAR = 2024
SOURCE = "国务院办公厅节假日安排通知"


class Command(BaseCommand):
    help = "Load holidays and shifted working days from 2024 on; days edited since are left as they are."

    @transaction.atomic
    def handle(self, *args, **options):
        free = [(day, name, DayKind.HOLIDAY) for day, name in constants.holidays.items()]
        worked = [(day, name, DayKind.WORKING) for day, name in constants.workdays.items()]
        names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
        rows = [
            CalendarDay(day=day, kind=kind, name=names.get(name, name)[:40], source=SOURCE)
            for day, name, kind in sorted(free + worked)
            if day.year >= FIRST_YEAR
        ]
        CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
        years = sorted({row.day.year for row in rows})
        self.stdout.write(f"calendar: {len(rows)} days, {years[0]} to {years[-1]}")
