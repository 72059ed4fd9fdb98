"""Selectors for the maternity-leave calculator: the numbers of the law, and the answer made of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.organizations.models import LegalParameter, Organization, Region
from portal.organizations.selectors import working_calendar
from rights.leave import (
    Confinement,
    Holidays,
    Leave,
    LeaveKind,
    Number,
    NursingTime,
    late_pregnancy_from,
    national_leave,
    nursing_time,
    provincial_leave,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

PREFIX, KEYS = "rights.", ("leave_", "nursing_", "late_pregnancy_")
# The days on which the statutory holidays fall under State Council order 795 (before 2025: its earlier text), with the
# lunar calendar. They are fixed long before the notice that moves the days off around them.
HOLIDAYS = Path(__file__).resolve().parents[1] / "data" / "statutory_holidays.csv"
# Without one of these there is no answer at all.
NEEDED = (
    "leave_days",
    "leave_difficult_days",
    "leave_more_babies_days",
    "leave_before_birth_days",
    "leave_miscarriage_months",
    "leave_miscarriage_early_days",
    "leave_miscarriage_late_days",
    "late_pregnancy_months",
    "late_pregnancy_weeks",
    "nursing_minutes",
    "nursing_more_babies_minutes",
    "nursing_months",
)
# No number of days, weeks, months or minutes of these laws is larger.
MOST = 1000


@dataclass(frozen=True)
class LeaveAnswer:
    """What the calculator shows.

    ``province`` is None where the number of the region is not known, ``nursing`` and ``late_from`` where the page was
    not told the day of birth or of the last period. ``numbers`` are the national ones by key.
    """

    case: Confinement
    national: Leave
    region: Region
    province: Leave | None
    nursing: NursingTime | None
    late_from: date | None
    numbers: dict[str, Number]

    @property
    def longest_last(self) -> date:
        """The last day of the longer of the two leaves."""
        return max(self.national.last, self.province.last) if self.province else self.national.last

    @property
    def is_birth(self) -> bool:
        """Whether a child was or will be born."""
        return self.case.kind != LeaveKind.MISCARRIAGE


def leave_numbers(*, on: date, region: Region | None) -> tuple[dict[str, Number], dict[str, Number]]:
    """Return the numbers in force on ``on`` by key, those of the nation and those of ``region``.

    Raises DomainError where a national number is missing, or a number is no whole number from 0 to 1000.
    """
    named = Q()
    for beginning in KEYS:
        named |= Q(key__startswith=PREFIX + beginning)
    rows = LegalParameter.objects.filter(named, valid_from__lte=on)
    found: tuple[dict[str, Number], dict[str, Number]] = ({}, {})
    for row in rows.filter(Q(region=None) | Q(region=region)).order_by("valid_from"):
        if not 0 <= row.value <= MOST or row.value != int(row.value):
            raise DomainError(
                _("A legal parameter that this page needs has an invalid value. Please tell the administrator."),
                code="no-law",
            )
        kept = found[row.region_id is not None]
        kept[row.key.removeprefix(PREFIX)] = Number(int(row.value), row.source, row.verified)
    if any(key not in found[0] for key in NEEDED):
        raise DomainError(
            _("A legal parameter that this page needs is not set. Please tell the administrator."), code="no-law"
        )
    return found


@cache
def statutory_holidays() -> Holidays:
    """Return the statutory holidays of the years that ship with the portal."""
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        days = frozenset(date.fromisoformat(line["day"]) for line in csv.DictReader(file))
    return Holidays(days, frozenset(day.year for day in days))


def provinces() -> QuerySet[Region]:
    """Return all provinces, for which legal numbers may be known or not."""
    return Region.objects.filter(level=1).order_by("code")


def own_province() -> Region | None:
    """Return the province of this portal."""
    root = Organization.objects.filter(parent=None).select_related("region").first()
    return root.region if root else None


def leave_answer(
    *, case: Confinement, region: Region, born: date | None = None, last_period: date | None = None
) -> LeaveAnswer:
    """Return the answer of the calculator; nothing of it is stored."""
    calendar = working_calendar()
    national, province = leave_numbers(on=case.first_day, region=region)
    birth = case.kind != LeaveKind.MISCARRIAGE
    return LeaveAnswer(
        case=case,
        national=national_leave(national, case, calendar),
        region=region,
        province=provincial_leave(national, province, case, calendar, statutory_holidays()),
        nursing=nursing_time({**national, **province}, born, case.babies) if born and birth else None,
        late_from=late_pregnancy_from(national, last_period) if last_period and birth else None,
        numbers=national,
    )
