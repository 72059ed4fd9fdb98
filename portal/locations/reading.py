"""Reads opening hours as people type them, in Chinese and English. Pure calculation.

A text is a row of days, each followed by their parts or by "closed". The order never matters: parts of one day add up,
and "closed" takes its days out of lines for more days. What cannot be read is refused with a sentence that names the
part; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.locations.hours import CLOSED, DAY, DAYS, SATURDAY, Hours, united

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_stubs_ext import StrOrPromise

    from portal.locations.hours import Parts

LONGEST_TEXT = 400
# Two days of a line beside 0 to 6.
WORKING, HOLIDAYS = 7, 8
EVERY = frozenset(range(DAYS))

UNREADABLE = _(
    "“%(part)s” cannot be read as opening hours. Write for example: Mon-Fri 9:00-12:00, 13:30-17:00; Sat 9:00-12:00; "
    "public holidays closed."
)
SAME = _("“%(part)s”: it opens and closes at the same time. If it never closes, write “24 hours”.")
NO_END = _("“%(part)s” has no closing time.")
NO_TIMES = _("“%(part)s” has no opening hours behind it. Write the hours, or “closed”.")
NO_SUCH_TIME = _("“%(part)s” is no time of day.")
UNCLEAR = _("“%(part)s” can mean morning or afternoon. Write the times as 9:00 and 17:00.")
BOTH = _("“%(part)s” contradicts another part of these opening hours.")
MIXED = _("“%(part)s”: give hours either for working days or for Monday to Friday.")
ONLY_CLOSED = _("“%(part)s” says only when it is closed. Write when it is open.")
TOO_LONG = _("Opening hours have at most %(part)s characters.")

# The kinds of word, tried in this order.
WORDS = {
    "usual": r"不休息?|照常(?:开放|营业)?|正常(?:开放|营业)|无休息?|不打烊|as usual\b",
    "closed": r"(?:均|全部)?(?:休息|闭馆|闭店|关闭|关门|休业|歇业|放假|不开放|不营业|不开)|除外|(?:closed|off|shut)\b",
    "all_day": r"(?:全天|全日)?24小时|全天候|全天|24/7|(?:24 ?hours?|24 ?h|all day|around the clock)\b",
    "chinese": r"每?(?:周|星期|礼拜)(?:[一二三四五六日天]|[1-7](?![:.点时\d]))",
    "daily": r"每天|每日|天天|全周|全年|365天|(?:daily|every ?day)\b",
    "working": r"工作日|平日|(?:working|work|office|business) ?days?\b",
    "weekdays": r"weekdays?\b",
    "weekend": r"周末|双休日|weekends?\b",
    "holidays": r"(?:国家)?(?:法定)?(?:节假日|公共假日|公众假期|假日)|(?:(?:public|bank) )?holidays?\b|ph\b",
    "english": r"(?:mo(?:n(?:day)?)?|tu(?:e(?:s(?:day)?)?)?|we(?:d(?:nesday)?)?|th(?:u(?:r(?:s(?:day)?)?)?)?"
    r"|fr(?:i(?:day)?)?|sa(?:t(?:urday)?)?|su(?:n(?:day)?)?)s?\b\.?",
    "next": r"次日|翌日|第二天|next day\b",
    "night": r"凌晨",
    "morning": r"清晨|早上|早晨|上午|早",
    "noon": r"中午|正午",
    "afternoon": r"下午|午后|傍晚",
    "evening": r"晚上|夜间|晚",
    "am": r"a\.?m\b\.?",
    "pm": r"p\.?m\b\.?",
    "time": r"\d{1,2}(?:[:.]\d{2}(?:[:.]00)?(?!\d)|[点时](?:整|半|\d{1,2}分?)?|(?![\d:.]))",
    "onward": r"\+|起",
    "dash": r"-+|(?:to|till|until)\b",
    "bare": r"[一二三四五六日天]",
    "mark": r"[,、/&|:()\[\]]|以及|和|及|与|and\b",
    "filler": r"营业时间|开放时间|开放|营业|时间|包括|含|为|(?:opening hours|open|from)\b",
    "end": r"[;。\n]",
    "blank": r"[ \t\r]+",
}
_WORD = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in WORDS.items()))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－~～〜∼至到", "-"))
_DAY_WORDS = {"chinese", "english", "bare", "daily", "working", "weekdays", "weekend", "holidays"}
_SETS = {
    "daily": EVERY,
    "working": frozenset({WORKING}),
    "weekdays": frozenset(range(SATURDAY)),
    "weekend": frozenset({5, 6}),
    "holidays": frozenset({HOLIDAYS}),
}
_CHINESE = {name: number % DAYS for number, name in enumerate("一二三四五六日")} | {"天": 6}
_CHINESE |= {str(number + 1): number for number in range(DAYS)}
_ENGLISH = {name: number for number, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"))}
_BEFORE = {"night", "morning", "noon", "afternoon", "evening"}
_MORNINGS = {"night", "morning", "am"}
_LATE = {"noon", "afternoon", "evening", "pm"}
_NOON, _LATEST = 12, 48
_SILENT = {"blank", "end", "filler"}
_ENDS = ",;。\n、"


@dataclass(frozen=True)
class _Word:
    """One word: in small letters and half width, as it was typed, and whether a blank is before it."""

    kind: str
    text: str
    typed: str
    apart: bool


@dataclass(frozen=True)
class _Clock:
    """A time of day: minutes after midnight, the hour as it was typed, and the words around it."""

    minutes: int
    hour: int
    period: str
    next_day: bool


@dataclass
class _Line:
    """Days, and the words behind them up to the next days."""

    days: frozenset[int]
    words: list[_Word]
    text: str = ""
    parts: list[tuple[int, int]] = field(default_factory=list)
    closed: bool = False
    usual: bool = False


def read_hours(text: str) -> Hours | None:
    """Return the opening hours that a text means, None for an empty one.

    Raises ValidationError with a sentence that names the part that cannot be read. "Working days" are those of the
    State Council's list, worked weekend days included; "Mon-Fri" goes by the weekday alone. A text that says nothing
    about public holidays means the same hours on them; hours of working days do not hold on them in any case.
    """
    if len(text) > LONGEST_TEXT:
        _refuse(TOO_LONG, LONGEST_TEXT)
    lines = list(_lines(list(_split(text.strip()))))
    for line in lines:
        _read_line(line)
    return _built(lines) if lines else None


def _refuse(sentence: StrOrPromise, part: object) -> NoReturn:
    raise ValidationError(sentence, code="hours", params={"part": part})


def _split(text: str) -> Iterator[_Word]:
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES)).lower()
    typed = text if len(text) == len(plain) else plain
    place, apart = 0, False
    while place < len(plain):
        match = _WORD.match(plain, place)
        if match is None:
            start = max(plain.rfind(mark, 0, place) for mark in _ENDS) + 1
            ends = [plain.find(mark, place) for mark in _ENDS]
            chunk = typed[start : min([end for end in ends if end >= 0], default=len(plain))]
            _refuse(UNREADABLE, chunk.strip())
        if match.lastgroup not in _SILENT:
            yield _Word(str(match.lastgroup), match.group(), typed[place : match.end()], apart)
        apart = match.lastgroup in _SILENT
        place = match.end()


def _lines(words: list[_Word]) -> Iterator[_Line]:
    """Yield the lines of a text; words before the first days are about every day."""
    place = 0
    while place < len(words):
        days, begin = EVERY, place
        if words[place].kind in _DAY_WORDS:
            days, place = _days(words, place)
        behind = place
        while place < len(words) and words[place].kind not in _DAY_WORDS:
            place += 1
        yield _Line(days, words[behind:place], text=_between(words, begin, place))


def _between(words: list[_Word], first: int, end: int) -> str:
    """Return the words from ``first`` up to ``end`` as they were typed, without marks at their end."""
    kept = words[first:end]
    while len(kept) > 1 and kept[-1].kind == "mark":
        kept.pop()
    return "".join(" " * word.apart + word.typed for word in kept).strip()


def _days(words: list[_Word], place: int) -> tuple[frozenset[int], int]:
    """Return the days named from ``place`` on, and the place behind them."""
    days: set[int] = set()
    first = place
    while place < len(words):
        kind = words[place].kind
        if kind == "mark" and _kind(words, place + 1) in _DAY_WORDS:
            place += 1
            continue
        if kind not in _DAY_WORDS:
            break
        if kind in _SETS:
            days |= _SETS[kind]
            place += 1
            continue
        start = _weekday(words[place])
        if _kind(words, place + 1) == "dash" and (end := _day_behind(words, place)) is not None:
            days |= {(start + step) % DAYS for step in range((end - start) % DAYS + 1)}
            place += 3
            continue
        days.add(start)
        place += 1
    if not days:
        _refuse(UNREADABLE, _between(words, first, place + 1))
    return frozenset(days), place


def _kind(words: list[_Word], place: int) -> str:
    return words[place].kind if place < len(words) else ""


def _weekday(word: _Word) -> int:
    if word.kind == "english":
        return _ENGLISH[word.text[:2]]
    return _CHINESE[word.text[-1]]


def _day_behind(words: list[_Word], place: int) -> int | None:
    """Return the weekday two words behind ``place``, which may be a bare number after 周1."""
    if place + 2 >= len(words):
        return None
    word = words[place + 2]
    if word.kind in ("chinese", "english", "bare"):
        return _weekday(word)
    if word.kind == "time" and words[place].text[-1].isdigit():
        return _CHINESE.get(word.text)
    return None


def _read_line(line: _Line) -> None:
    place = 0
    words = line.words
    while place < len(words):
        kind = words[place].kind
        if kind in ("closed", "usual", "mark"):
            line.closed |= kind == "closed"
            line.usual |= kind == "usual"
            place += 1
        elif kind == "all_day":
            line.parts.append((0, DAY))
            place += 1
        else:
            part, place = _part(words, place)
            line.parts.append(part)
    if line.closed and (line.parts or line.usual):
        _refuse(BOTH, line.text)
    whole = line.usual and line.days in (EVERY, _SETS["holidays"])
    if not line.parts and not line.closed and not whole:
        _refuse(NO_TIMES, line.text)


def _part(words: list[_Word], place: int) -> tuple[tuple[int, int], int]:
    """Return the part of a day that begins at ``place``, in minutes, and the place behind it."""
    first = place
    start, place = _clock(words, place)
    if _kind(words, place) != "dash":
        _refuse(NO_END, _between(words, first, place + (_kind(words, place) == "onward")))
    end, place = _clock(words, place + 1)
    if _kind(words, place) == "onward":
        _refuse(NO_END, _between(words, first, place + 1))
    return _minutes(start, end, _between(words, first, place)), place


def _clock(words: list[_Word], place: int) -> tuple[_Clock, int]:
    first, period, next_day = place, "", False
    while _kind(words, place) in _BEFORE | {"next"}:
        next_day |= words[place].kind == "next"
        period = words[place].kind if words[place].kind in _BEFORE else period
        place += 1
    if _kind(words, place) != "time":
        _refuse(UNREADABLE, _between(words, 0, len(words)))
    numbers = [int(number) for number in re.findall(r"\d+", words[place].text)]
    hour, minute = numbers[0], 30 if "半" in words[place].text else [*numbers, 0][1]
    place += 1
    if _kind(words, place) in ("am", "pm") and not period:
        period = words[place].kind
        place += 1
    text = _between(words, first, place)
    if minute >= 60 or hour > _LATEST or (period in _MORNINGS and hour > _NOON):
        _refuse(NO_SUCH_TIME, text)
    return _Clock(_hour(hour, period) * 60 + minute, hour, period, next_day), place


def _hour(hour: int, period: str) -> int:
    if hour == _NOON:
        return {"am": 0, "night": 0, "evening": 24}.get(period, hour)
    late = period in ("afternoon", "evening", "pm") or (period == "noon" and hour < _NOON - 2)
    return hour + _NOON if late and hour < _NOON else hour


def _minutes(start: _Clock, end: _Clock, text: str) -> tuple[int, int]:
    begin, stop = start.minutes, end.minutes
    if begin >= DAY:
        _refuse(NO_SUCH_TIME, text)
    if not end.period and not end.next_day and start.period in _LATE and stop <= begin < stop + _NOON * 60:
        # 下午1:30-5:00: the word before the first time is meant for both.
        stop += _NOON * 60 if end.hour < _NOON else 0
    unsure = start.period and not end.period and not end.next_day and stop <= begin
    unsure = unsure and (start.period in _MORNINGS or end.hour == _NOON)
    if unsure or (end.period == "pm" and not start.period and begin + _NOON * 60 < stop):
        _refuse(UNCLEAR, text)
    if begin == stop and not end.next_day:
        _refuse(SAME, text)
    if (end.next_day and stop <= DAY) or stop <= begin:
        stop += DAY
    return begin, stop


def _built(lines: list[_Line]) -> Hours:
    closed = frozenset[int]().union(*(line.days for line in lines if line.closed))
    for line in lines:
        if line.parts and line.days <= closed:
            _refuse(BOTH, line.text)
        if line.usual and HOLIDAYS in closed:
            _refuse(BOTH, line.text)
    if not any(line.parts for line in lines) and not closed >= EVERY:
        _refuse(ONLY_CLOSED, lines[0].text)
    named = frozenset[int]().union(*(line.days for line in lines))
    if WORKING in named:
        for line in lines:
            if line.days & set(range(SATURDAY)):
                _refuse(MIXED, line.text)
    parts = [_of_day(day, lines) if day not in closed else CLOSED for day in range(HOLIDAYS + 1)]
    week = parts[:DAYS]
    holidays = parts[HOLIDAYS] if HOLIDAYS in named and (parts[HOLIDAYS] or HOLIDAYS in closed) else None
    if WORKING not in named and all(one == holidays for one in week):
        holidays = None
    return Hours(tuple(week), parts[WORKING] if WORKING in named else None, holidays)


def _of_day(day: int, lines: list[_Line]) -> Parts:
    return united(part for line in lines if day in line.days for part in line.parts)
