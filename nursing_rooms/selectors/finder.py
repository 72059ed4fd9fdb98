"""The search of visitors for a nursing room: which rooms, how far away, and whether they are open.

Every read begins with ``published()``. Whether a room is open is decided by ``Moment.openness`` alone: the filter "open
now", the badge of a room and the pins of the map all follow it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.models import NursingRoom, RoomReport
from portal.core.bounds import CHINA
from portal.core.text import clean_line
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.distances import metres_between
from portal.locations.hours import from_data
from portal.locations.opening import Opening, open_at
from portal.organizations.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from nursing_rooms.querysets.reports import RoomReportQuerySet
    from nursing_rooms.querysets.rooms import NursingRoomQuerySet
    from portal.core.calendar import WorkingCalendar
    from portal.locations.hours import Hours
    from portal.locations.maps import Window

PAGE = 20
# Metres within which a room is near: a visitor is told if none is open there.
NEAR = 3_000
BESIDE = 2
CITY, DISTRICT = 2, 3
MOST_WORDS = 5
KEPT_HOURS = 1_000
# What a list shows of a room; nothing else of the row is read.
SHOWN = (
    "name",
    "room_type",
    "address",
    "floor",
    "landmark",
    "phone",
    "facilities",
    "state",
    "closed_until",
    "closed_reason",
    "cleaned_at",
    "longitude",
    "latitude",
)
_FLOOR = re.compile(r"(负|地下|-|[Bb])?\s*(\d+|[一二三四五六七八九十]+)")
_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True)
class Place:
    """A city or district that a visitor can choose."""

    code: str
    name: str
    level: int

    @property
    def prefix(self) -> str:
        """The beginning that the codes of the regions in it have (GB/T 2260)."""
        return self.code[:4] if self.level == CITY else self.code


@dataclass(frozen=True)
class Search:
    """What a visitor looks for; everything that is empty filters nothing.

    With ``point``, the visitor's own position, the nearest rooms come first, and ``place`` and ``words`` are not used.
    ``words`` are parts of a name, a host, an address, a landmark, a city or a district.
    """

    point: Point | None = None
    place: Place | None = None
    words: str = ""
    open_now: bool = False
    room_type: str = ""
    facilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Openness:
    """Whether visitors can use a room at one moment.

    ``opening`` is what the hours say. ``is_shut``: the room is temporarily closed, and stays so until somebody reopens
    it. ``is_doubtful``: the last day of that has passed, and nobody has confirmed anything since.
    """

    opening: Opening
    is_shut: bool = False
    is_doubtful: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether the room is open."""
        return not self.is_shut and self.opening.open is True

    @property
    def is_known(self) -> bool:
        """Return whether anything is known; if not, the room is called neither open nor closed."""
        return self.is_shut or self.opening.open is not None


@dataclass(frozen=True)
class Moment:
    """The moment of a search with the calendar, and what is known about opening hours at it."""

    now: datetime
    calendar: WorkingCalendar
    _openings: dict[Hours, Opening] = field(default_factory=dict)

    @cached_property
    def open_hours(self) -> list[Hours]:
        """The opening hours that occur and by which a room is open now; one query."""
        kept = NursingRoom.objects.published().exclude(hours=None).order_by().values_list("hours", flat=True).distinct()
        return [hours for hours in kept if hours and self.openness(hours, RoomState.OPEN, None).is_open]

    def openness(self, hours: Hours | None, state: str, closed_until: date | None) -> Openness:
        """Return whether a room with these hours and this state can be used now."""
        if state != RoomState.CLOSED:
            return Openness(self._opening(hours))
        is_over = closed_until is None or closed_until < self.now.astimezone(CHINA).date()
        return Openness(self._opening(hours), is_shut=True, is_doubtful=is_over)

    def _opening(self, hours: Hours | None) -> Opening:
        # Many rooms have the same hours, and each is asked for only once.
        if hours is None:
            return Opening(open=None)
        if hours not in self._openings:
            self._openings[hours] = open_at(hours, (), self.now, self.calendar)
        return self._openings[hours]


@dataclass(frozen=True)
class Found:
    """A room that was found: the great-circle metres to the visitor, and what is reported about it.

    ``room`` is a NursingRoom, or a row with its columns ``SHOWN``.
    """

    room: Any
    openness: Openness
    metres: float | None = None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """One page of what was found, nearest first, and rooms about which nothing is known last.

    ``total`` is None for a search by position. ``nearest_open`` and ``nearest_closed`` are set on the first page of a
    search by position if no room within ``NEAR`` is open and ``is_none_near``.
    """

    found: tuple[Found, ...]
    number: int
    has_more: bool
    total: int | None = None
    is_none_near: bool = False
    nearest_open: Found | None = None
    nearest_closed: Found | None = None


@dataclass(frozen=True)
class Dot:
    """A room as the map shows it."""

    pk: int
    name: str
    floor: str
    room_type: str
    point: Point
    openness: Openness
    is_troubled: bool


def places() -> list[Place]:
    """Return the cities and districts that can be chosen, in the order of their codes."""
    rows = Region.objects.filter(level__in=(CITY, DISTRICT), statistical=False).order_by("code")
    return [Place(*values) for values in rows.values_list("code", "name", "level")]


def rooms_searched(search: Search, moment: Moment, known: Iterable[Place]) -> NursingRoomQuerySet:
    """Return the public rooms that a search asks for, in no order; ``known`` are all places."""
    rows = NursingRoom.objects.published()
    if search.point is None:
        if search.place is not None:
            rows = rows.filter(region__code__startswith=search.place.prefix)
        for word in clean_line(search.words).split()[:MOST_WORDS]:
            rows = rows.filter(_says(word, known))
    if search.room_type:
        rows = rows.filter(room_type=search.room_type)
    if search.facilities:
        rows = rows.filter(facilities__contains=list(search.facilities))
    return rows.filter(_is_open(moment)) if search.open_now else rows


def _says(word: str, known: Iterable[Place]) -> Q:
    said = Q(name__icontains=word) | Q(host__icontains=word) | Q(address__icontains=word) | Q(landmark__icontains=word)
    for place in known:
        if word in place.name:
            said |= Q(region__code__startswith=place.prefix)
    return said


def _is_open(moment: Moment) -> Q:
    return Q(state=RoomState.OPEN, hours__in=moment.open_hours)


def rooms_found(search: Search, moment: Moment, known: Sequence[Place], number: int = 1) -> Results:
    """Return page ``number`` of the rooms that a search asks for."""
    rows = rooms_searched(search, moment, known)
    total = None
    start = (number - 1) * PAGE
    if search.point is not None:
        read = list(shown_nearest(rows, search.point)[start : start + PAGE + 1])
    else:
        total = rows.count()
        ordered = rows.order_by("region_id", "name", "pk")
        read = list(_shown(ordered)[start : start + PAGE + 1])
    found = found_of(read[:PAGE], moment, search.point)
    by_knowledge = tuple(sorted(found, key=lambda one: not one.openness.is_known))
    results = Results(by_knowledge, number, len(read) > PAGE, total)
    if search.point is None or number > 1 or any(one.openness.is_open and _is_near(one) for one in found):
        return results
    return _far(results, search, moment, known)


def shown_nearest(rows: NursingRoomQuerySet, point: Point) -> QuerySet[NursingRoom, Any]:
    """Return what the list shows of rooms, nearest first; the metres are calculated only for what is shown."""
    return _shown(rows.nearest(point))


def _shown(rows: NursingRoomQuerySet) -> QuerySet[NursingRoom, Any]:
    return _with_hours(rows).values_list("pk", *SHOWN, "written", named=True)


def _with_hours(rows: NursingRoomQuerySet) -> NursingRoomQuerySet:
    """Return rooms with ``written``, their opening hours as text."""
    return rows.annotate(written=Cast("hours", TextField()))


@lru_cache(maxsize=KEPT_HOURS)
def hours_of(written: str | None) -> Hours | None:
    """Return opening hours from the text of the database; many rooms have the same."""
    return None if written is None else from_data(json.loads(written))


def _is_near(found: Found) -> bool:
    return found.metres is not None and found.metres <= NEAR


def _far(results: Results, search: Search, moment: Moment, known: Sequence[Place]) -> Results:
    """Add to the first page the nearest open and the nearest closed room; none of those within NEAR is open."""
    found = results.found
    is_open = next((one for one in found if one.openness.is_open), None)
    is_closed = next((one for one in found if one.openness.opening.next_open and not one.openness.is_shut), None)
    everywhere = Search(search.point, room_type=search.room_type, facilities=search.facilities)
    rows = rooms_searched(everywhere, moment, known)
    if is_open is None and not search.open_now:
        is_open = _first(rows.filter(_is_open(moment)), search, moment)
    if search.open_now:
        is_closed = _first(
            rows.filter(state=RoomState.OPEN).exclude(hours=None).exclude(_is_open(moment)), search, moment
        )
    return Results(found, 1, results.has_more, None, True, is_open, is_closed)


def _first(rows: NursingRoomQuerySet, search: Search, moment: Moment) -> Found | None:
    if search.point is None:
        return None
    return next(iter(found_of(shown_nearest(rows, search.point)[:1], moment, search.point)), None)


def found_of(rows: Iterable[Any], moment: Moment, here: Point | None = None) -> list[Found]:
    """Return rooms with what a visitor must know of each, and the metres from ``here``; one query besides ``rows``.

    Each row has ``written``, its opening hours as text.
    """
    rooms = list(rows)
    troubles: dict[int, list[str]] = {}
    for pk, trouble in _known_reports().filter(room__in=[room.pk for room in rooms]).values_list("room_id", "trouble"):
        troubles.setdefault(pk, []).append(trouble)
    return [
        Found(
            room,
            moment.openness(hours_of(room.written), room.state, room.closed_until),
            metres_between(here, Point(room.longitude, room.latitude, Datum.WGS84)) if here else None,
            tuple(sorted(troubles.get(room.pk, ()), key=Trouble.values.index)),
        )
        for room in rooms
    ]


def _known_reports() -> RoomReportQuerySet:
    """Return the open reports that visitors may know of."""
    return RoomReport.objects.open().filter(bypasses=False)


def room_found(pk: int, moment: Moment) -> Found | None:
    """Return a public room, None for any other number."""
    rows = _with_hours(NursingRoom.objects.published().for_list().filter(pk=pk))
    return next(iter(found_of(rows, moment)), None)


def rooms_beside(room: NursingRoom, moment: Moment) -> list[Found]:
    """Return the two public rooms nearest to a room; two of its region if its position is not known."""
    rows = NursingRoom.objects.published().exclude(pk=room.pk)
    if room.point is not None:
        return found_of(shown_nearest(rows, room.point)[:BESIDE], moment, room.point)
    beside = rows.filter(region=room.region_id).order_by("name", "pk")
    return found_of(_shown(beside)[:BESIDE], moment)


def dots(search: Search, window: Window | None, moment: Moment, known: Iterable[Place]) -> list[Dot]:
    """Return the rooms of a search that lie in the part of the earth that a map shows, by floor and name.

    Without ``window`` all rooms with a position are returned.
    """
    rows = rooms_searched(search, moment, known).placed()
    rows = rows.inside(window) if window is not None else rows
    troubled = set(rows.troubled().values_list("pk", flat=True))
    described = rows.annotate(written=Cast("hours", TextField()))
    made = []
    for pk, name, floor, kind, longitude, latitude, state, until, written in described.values_list(
        "pk", "name", "floor", "room_type", "longitude", "latitude", "state", "closed_until", "written"
    ):
        if longitude is None or latitude is None:
            continue
        point = Point(float(longitude), float(latitude), Datum.WGS84)
        openness = moment.openness(hours_of(written), state, until)
        made.append(Dot(pk, name, floor, kind, point, openness, pk in troubled))
    return sorted(made, key=lambda dot: (floor_number(dot.floor), dot.name, dot.pk))


def floor_number(floor: str) -> int:
    """Return the number by which floors are sorted, from what people write: B1 and 负一层 are -1; 0 if unknown."""
    found = _FLOOR.search(floor)
    if found is None:
        return 0
    below, written = found.groups()
    number = int(written) if written.isdecimal() else _numeral(written)
    return -number if below else number


def _numeral(written: str) -> int:
    """Return the number of Chinese numerals up to 九十九."""
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _NUMERALS[written[-1]]
    return (_NUMERALS.get(tens, 1) * 10) + (_NUMERALS.get(ones, 0) if ones else 0)
