"""Maternity leave, nursing time and late pregnancy: pure calculation with the numbers of the law.

State Council order 619: article 6 late pregnancy, article 7 leave, article 9 nursing. Provinces add to the leave. The
first day of a leave counts; a leave ends on its last day, whatever day of the week that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import months_later
from portal.deadlines.counting import next_working_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from portal.core.calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)
# A parameter for one child is named after its number; from the third child on there is one for all.
LAST_NUMBERED_CHILD = 3


class LeaveKind(models.TextChoices):
    BIRTH = "birth", _("Birth")
    DIFFICULT = "difficult", _("Difficult birth")
    MISCARRIAGE = "miscarriage", _("Miscarriage")


@dataclass(frozen=True)
class Number:
    """A number of the law with its source; ``verified`` says that it was compared with the text in force."""

    value: int
    source: str
    verified: bool


@dataclass(frozen=True)
class Holidays:
    """The statutory holidays of ``years``, without the days off around them."""

    days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Confinement:
    """What the days of a leave depend on.

    ``babies`` are born at once, ``child`` is the number of the child in the family (both from 1 on); ``months`` are the
    full months of the pregnancy, asked only after a miscarriage.
    """

    kind: str
    first_day: date
    babies: int = 1
    child: int = 1
    months: int = 0


@dataclass(frozen=True)
class Part:
    """A part of a leave: its days, and how they are written in the formula."""

    label: StrOrPromise
    days: int
    words: str
    number: Number


@dataclass(frozen=True)
class Rule:
    """What a province says beside the number of days."""

    label: StrOrPromise
    number: Number


# The rules of a province by the key of their parameter.
RULES = {
    "leave_skips_holidays": _("Statutory holidays do not count as days of leave"),
    "leave_extra_skips_holidays": _("Statutory holidays do not count as days of the extra leave"),
    "leave_extra_paid_by_employer": _("The employer pays the extra leave, not the maternity fund"),
}


@dataclass(frozen=True)
class Leave:
    """A leave and its days.

    ``holidays`` are the statutory holidays inside it that do not count. ``last_provisional`` says that the holidays of
    one of its years are not known, ``back_provisional`` that the working days after it are not. ``allowance_days`` are
    the days for which the fund pays the allowance; None is not known. ``rules`` are those of the province that changed
    the result.
    """

    parts: tuple[Part, ...]
    first: date
    last: date
    last_provisional: bool
    back_on: date
    back_provisional: bool
    holidays: tuple[date, ...]
    allowance_days: int | None
    rules: tuple[Rule, ...]

    @property
    def days(self) -> int:
        """The number of days of leave, without holidays that do not count."""
        return sum(part.days for part in self.parts)

    @property
    def formula(self) -> str:
        """The calculation in digits, such as 98 + 15 × (2 − 1) = 113."""
        words = " + ".join(part.words for part in self.parts)
        return words if words == str(self.days) else f"{words} = {self.days}"

    @property
    def verified(self) -> bool:
        """Whether every number was compared with the text in force."""
        numbers = [part.number for part in self.parts] + [rule.number for rule in self.rules]
        return all(number.verified for number in numbers)


@dataclass(frozen=True)
class NursingTime:
    """Minutes of nursing time on each working day, until the day before the first birthday."""

    minutes: int
    formula: str
    until: date
    numbers: tuple[Number, ...]


def national_leave(national: Mapping[str, Number], case: Confinement, calendar: WorkingCalendar) -> Leave:
    """Return the leave that every employer in the country must give at least."""
    return _leave(_parts(national, None, case), case.first_day, calendar, Holidays(), {}, None)


def provincial_leave(
    national: Mapping[str, Number],
    province: Mapping[str, Number],
    case: Confinement,
    calendar: WorkingCalendar,
    holidays: Holidays,
) -> Leave | None:
    """Return the leave of a province, or None where its number is not known: the national one is no default for it.

    What a province does not say otherwise, such as the days for a difficult birth, is as in the nation.
    """
    numbers = {**national, **province}
    if case.kind == LeaveKind.MISCARRIAGE:
        if _miscarriage_key(numbers, case) not in province:
            return None
        return _leave(_parts(numbers, None, case), case.first_day, calendar, holidays, {}, None)
    extra = province.get(f"leave_extra_days_child_{min(case.child, LAST_NUMBERED_CHILD)}")
    extra = extra or province.get("leave_extra_days")
    if extra is None and "leave_days" not in province:
        return None
    return _leave(_parts(numbers, extra, case), case.first_day, calendar, holidays, province, extra)


def nursing_time(numbers: Mapping[str, Number], born: date, babies: int) -> NursingTime:
    """Return the nursing time for ``babies`` born on ``born``."""
    first, more, months = (numbers[key] for key in ("nursing_minutes", "nursing_more_babies_minutes", "nursing_months"))
    minutes = first.value + more.value * (babies - 1)
    formula = f"{first.value} + {_times(more.value, babies)} = {minutes}" if babies > 1 else str(minutes)
    return NursingTime(minutes, formula, months_later(born, months.value) - ONE_DAY, (first, more, months))


def late_pregnancy_from(numbers: Mapping[str, Number], last_period: date) -> date:
    """Return the first day without overtime and night work, counted in weeks from the first day of the last period."""
    return last_period + timedelta(weeks=numbers["late_pregnancy_weeks"].value)


def _times(each: int, babies: int) -> str:
    return f"{each} × ({babies} − 1)"


def _miscarriage_key(numbers: Mapping[str, Number], case: Confinement) -> str:
    early = case.months < numbers["leave_miscarriage_months"].value
    return "leave_miscarriage_early_days" if early else "leave_miscarriage_late_days"


def _part(label: StrOrPromise, number: Number) -> Part:
    return Part(label, number.value, str(number.value), number)


def _parts(numbers: Mapping[str, Number], extra: Number | None, case: Confinement) -> list[Part]:
    if case.kind == LeaveKind.MISCARRIAGE:
        return [_part(_("Leave after a miscarriage"), numbers[_miscarriage_key(numbers, case)])]
    parts = [_part(_("Leave for a birth"), numbers["leave_days"])]
    if extra is not None:
        parts.append(_part(_("Extra leave of the province"), extra))
    if case.kind == LeaveKind.DIFFICULT:
        parts.append(_part(_("For a difficult birth"), numbers["leave_difficult_days"]))
    if case.babies > 1:
        each = numbers["leave_more_babies_days"]
        days = each.value * (case.babies - 1)
        parts.append(Part(_("For each further baby"), days, _times(each.value, case.babies), each))
    return parts


def _leave(
    parts: list[Part],
    first: date,
    calendar: WorkingCalendar,
    holidays: Holidays,
    province: Mapping[str, Number],
    extra: Number | None,
) -> Leave:
    """Return the leave made of ``parts``; ``province`` says which of its days pass over statutory holidays."""
    said = {key for key in RULES if key in province and province[key].value}
    if extra is None:
        said -= {"leave_extra_skips_holidays", "leave_extra_paid_by_employer"}
    days = sum(part.days for part in parts)
    of_province = extra.value if extra else 0
    passing = days if "leave_skips_holidays" in said else of_province if "leave_extra_skips_holidays" in said else 0
    last, passed = _last_day(first, days - passing, passing, holidays)
    unknown = passing > 0 and not holidays.years.issuperset(range(first.year, last.year + 1))
    back_on = next_working_day(calendar, last + ONE_DAY)
    return Leave(
        parts=tuple(parts),
        first=first,
        last=last,
        last_provisional=unknown,
        back_on=back_on,
        back_provisional=unknown or not calendar.knows(last + ONE_DAY, back_on),
        holidays=passed,
        allowance_days=days - of_province if "leave_extra_paid_by_employer" in said else None,
        rules=tuple(Rule(label, province[key]) for key, label in RULES.items() if key in said),
    )


def _last_day(first: date, plain: int, passing: int, holidays: Holidays) -> tuple[date, tuple[date, ...]]:
    """Return the last day, and the holidays passed over.

    The ``plain`` days come first and count every day of the calendar; the ``passing`` days count none that is a
    statutory holiday.
    """
    day, passed = first + timedelta(days=plain) - ONE_DAY, []
    while passing:
        day += ONE_DAY
        if day in holidays.days:
            passed.append(day)
        else:
            passing -= 1
    return day, tuple(passed)
