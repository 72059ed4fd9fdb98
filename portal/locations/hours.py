"""Opening hours in their normal form, and as a plain line in both languages. Pure calculation.

Times are minutes after midnight of the day on which an opening begins. An end above 1440 lies on the next day: 19:00 to
02:00 is (1140, 1560). Hours that are not known are None, never an empty ``Hours``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

Parts = tuple[tuple[int, int], ...]
Week = tuple[Parts, ...]

DAY = 24 * 60
DAYS = 7
SATURDAY = 5
ALL_DAY: Parts = ((0, DAY),)
CLOSED: Parts = ()
NO_WEEK: Week = (CLOSED,) * DAYS


@dataclass(frozen=True)
class Hours:
    """Opening hours of a week: for each of its seven days from Monday the parts, sorted and apart; none: closed.

    ``working`` are the hours of working days by the State Council's list, worked weekend days included; ``week`` then
    holds only those of Saturdays and Sundays that are not worked. None: hours go by weekdays alone. ``holidays`` are
    the hours of public holidays: None as on other days, no parts closed.
    """

    week: Week = field(default=NO_WEEK)
    working: Parts | None = None
    holidays: Parts | None = None

    def __post_init__(self) -> None:
        if len(self.week) != DAYS:
            raise ValueError("a week has seven days")
        if self.working is not None and any(self.week[:SATURDAY]):
            raise ValueError("Monday to Friday go by working days")
        for parts in (*self.week, self.working, self.holidays):
            if parts is not None and parts != united(parts):
                raise ValueError(f"parts of a day are sorted and apart: {parts}")

    def __str__(self) -> str:
        return hours_text(self)

    @property
    def is_never_open(self) -> bool:
        """Return whether no day has any hours."""
        return not (any(self.week) or self.working or self.holidays)

    @property
    def follows_calendar(self) -> bool:
        """Return whether the hours depend on which days are public holidays or working days."""
        return self.working is not None or self.holidays is not None


def united(parts: Iterable[tuple[int, int]]) -> Parts:
    """Return parts of one day sorted and united where they touch.

    Raises ValueError for a part that begins on another day, is empty or goes beyond the next day.
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if not (0 <= start < DAY and start < end <= 2 * DAY):
            raise ValueError(f"no part of a day: {start} to {end}")
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def to_data(hours: Hours) -> dict[str, Any]:
    """Return ``hours`` as JSON stores them."""
    lists = [_lists(parts) for parts in hours.week]
    return {"week": lists, "working": _lists(hours.working), "holidays": _lists(hours.holidays)}


def from_data(data: Any) -> Hours:
    """Return the hours that JSON holds; ValueError for anything that ``to_data`` does not write."""
    try:
        week = tuple(_parts(parts) or CLOSED for parts in data["week"])
        return Hours(week, _parts(data["working"]), _parts(data["holidays"]))
    except (KeyError, TypeError) as error:
        raise ValueError("no opening hours") from error


def _lists(parts: Parts | None) -> list[list[int]] | None:
    return None if parts is None else [list(part) for part in parts]


def _parts(lists: Any) -> Parts | None:
    return None if lists is None else tuple((int(start), int(end)) for start, end in lists)


# What hours are written with. ``portal.locations.reading`` reads the same words, so the line of one page can be typed
# into the form of another; this is why they are no messages of the catalog.
CHINESE = {
    "days": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "every": "每天",
    "to": "至",
    "and": "、",
    "working": "工作日",
    "holidays": "法定节假日",
    "closed": "休息",
    "usual": "照常",
    "all_day": "24小时",
    "next": "次日",
    "part": "、",
    "line": "；",
}
ENGLISH = {
    "days": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "every": "Daily",
    "to": "–",
    "and": ", ",
    "working": "Working days",
    "holidays": "Public holidays",
    "closed": "closed",
    "usual": "as usual",
    "all_day": "24 hours",
    "next": "next day ",
    "part": ", ",
    "line": "; ",
}


def hours_text(hours: Hours | None) -> str:
    """Return the hours as one line in the language of the page, "" if they are not known.

    ``read_hours`` reads the line back: "周一至周五 9:00–12:00、13:30–17:00；周六、周日休息；法定节假日休息".
    """
    if hours is None:
        return ""
    words: dict[str, Any] = CHINESE if (get_language() or "").startswith("zh") else ENGLISH
    lines = []
    if hours.working is not None:
        lines.append(_line(words["working"], hours.working, words))
    by_parts: dict[Parts, list[int]] = {}
    for day, parts in enumerate(hours.week):
        by_parts.setdefault(parts, []).append(day)
    open_first = sorted(by_parts.items(), key=lambda item: (not item[0], item[1]))
    lines += [_line(_days(days, words), parts, words) for parts, days in open_first if parts or hours.working is None]
    if hours.holidays is not None:
        lines.append(_line(words["holidays"], hours.holidays, words))
    return str(words["line"]).join(lines)


def clock_text(minutes: int) -> str:
    """Return a time of day: 540 is "9:00", 1440 is "24:00"."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _line(days: str, parts: Parts, words: dict[str, Any]) -> str:
    if not parts:
        return f"{days}{'' if words is CHINESE else ' '}{words['closed']}"
    if parts == ALL_DAY:
        return f"{days} {words['all_day']}"
    return f"{days} {words['part'].join(_part(start, end, words) for start, end in parts)}"


def _part(start: int, end: int, words: dict[str, Any]) -> str:
    if end <= DAY:
        return f"{clock_text(start)}–{clock_text(end)}"
    return f"{clock_text(start)}–{words['next']}{clock_text(end - DAY)}"


def _days(days: list[int], words: dict[str, Any]) -> str:
    if len(days) == DAYS:
        return str(words["every"])
    names = words["days"]
    runs: list[str] = []
    for _offset, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        found = [names[day] for _place, day in run]
        runs += found if len(found) <= 2 else [f"{found[0]}{words['to']}{found[-1]}"]
    return str(words["and"]).join(runs)
