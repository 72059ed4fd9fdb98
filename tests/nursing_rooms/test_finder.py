"""What visitors find: which rooms, in which order, how far away, and whether they are open."""

from datetime import date, datetime
from itertools import count

import pytest
from django.db import connection

from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import Facility, RoomState, RoomType
from nursing_rooms.models import NursingRoom, RoomReport
from nursing_rooms.selectors import finder
from nursing_rooms.selectors.finder import Moment, Place, Search, floor_number
from portal.core.bounds import CHINA
from portal.core.calendar import WorkingCalendar
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.distances import metres_between
from portal.locations.maps import Window
from portal.locations.reading import read_hours
from portal.organizations.models import Region
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db

HERE = Point(126.6425, 45.7567, Datum.WGS84)
DAILY = "每天 9:00-21:00"
# The State Council's list for 2026 as far as the tests need it.
CALENDAR = WorkingCalendar(
    holidays=frozenset({date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 19), date(2026, 2, 20)}),
    workdays=frozenset({date(2026, 2, 14), date(2026, 9, 20), date(2026, 10, 10)}),
    years=frozenset({2026}),
)
_numbers = count(1)


def at(text):
    return Moment(datetime.fromisoformat(text).replace(tzinfo=CHINA), CALENDAR)


NOON = "2026-11-27 12:00"


def region(code="230102", name="道里区", level=3):
    return Region.objects.get_or_create(
        code=code, defaults={"name": name, "short_name": name[:2], "level": level, "valid_from": date(2020, 1, 1)}
    )[0]


def room(organization=None, *, point=HERE, hours=DAILY, **fields):
    """Create a public room that is open; ``hours`` are as people type them."""
    number = next(_numbers)
    given = {
        "organization": organization or make_organization(),
        "name": f"示例{number}号",
        "room_type": RoomType.ROOM,
        "is_public": True,
        "host": "示例商场",
        "region": fields.pop("region", None) or region(),
        "address": "示例大街1号",
        "floor": "三层",
        "landmark": "东门电梯旁",
        "hours": read_hours(hours),
        "facilities": [str(Facility.LOCK)],
        "state": RoomState.OPEN,
        "opened_on": date(2026, 1, 1),
        **fields,
    }
    made = NursingRoom(**given)
    made.place(point)
    made.save()
    return made


def shut(**fields):
    """Create a room that is closed for a repair from 20 November to 5 December."""
    closing = {"closed_from": date(2026, 11, 20), "closed_until": date(2026, 12, 5), "closed_reason": "检修"}
    return room(state=RoomState.CLOSED, **{**closing, **fields})


def report(made, trouble=Trouble.DIRTY, *, bypasses=False, **fields):
    day = date(2026, 11, 27)
    return RoomReport.objects.create(
        room=made,
        organization=made.organization,
        trouble=trouble,
        bypasses=bypasses,
        **{"first_on": day, "last_on": day, "due_on": day, **fields},
    )


def find(moment=NOON, number=1, **search):
    return finder.rooms_found(Search(**search), at(moment), finder.places(), number)


def pks(results):
    return [one.room.pk for one in results.found]


def near(**search):
    return find(point=HERE, **search)


def east(degrees):
    return Point(HERE.longitude + degrees, HERE.latitude, Datum.WGS84)


def north(degrees):
    return Point(HERE.longitude, HERE.latitude + degrees, Datum.WGS84)


def test_the_nearest_comes_first_by_metres_not_by_degrees():
    """N14: 776 m to the east before 945 m to the north."""
    b, a = room(point=north(0.0085)), room(point=east(0.0100))
    found = near().found
    assert [one.room.pk for one in found] == [a.pk, b.pk]
    assert [round(one.metres) for one in found] == [776, 945]
    assert [one.metres for one in found] == pytest.approx(
        [metres_between(HERE, made.point) for made in (a, b)], abs=0.01
    )


@pytest.mark.parametrize("words", ["", "   ", "示例", "没有这个地方"])
def test_a_search_by_position_does_not_depend_on_words_or_a_place(words):
    """N13: rooms at the other end of the province come last, whatever else is typed."""
    far, beside = room(point=Point(131.15, 46.64, Datum.WGS84)), room(point=east(0.001))
    assert pks(near(words=words, place=Place("230800", "佳木斯市", 2))) == [beside.pk, far.pk]


def test_only_public_rooms_that_exist_are_found_anywhere():
    """N25: every way to read the rooms gives the same public ones."""
    public = {room(point=east(0.001 * number)).pk for number in range(25)} | {shut(point=north(0.01)).pk}
    hidden = [
        room(is_public=False),
        *(room(state=state) for state in RoomState if state not in (RoomState.OPEN, RoomState.CLOSED)),
    ]
    for search in ({}, {"point": HERE}, {"words": "示例"}, {"place": Place("230100", "哈尔滨市", 2)}):
        first, second = find(**search), find(number=2, **search)
        assert (len(first.found), first.has_more, second.has_more) == (20, True, False)
        assert {*pks(first), *pks(second)} == public
        assert first.total == (None if "point" in search else 26)
    assert {dot.pk for dot in finder.dots(Search(), None, at(NOON), ())} == public
    assert [finder.room_found(one.pk, at(NOON)) for one in hidden] == [None] * len(hidden)
    beside = finder.rooms_beside(NursingRoom.objects.get(pk=min(public)), at(NOON))
    assert {one.room.pk for one in beside} <= public


def test_pages_hold_twenty_each_and_every_room_once():
    made = [room(point=HERE).pk for _ in range(45)]
    pages = [near(number=number) for number in (1, 2, 3, 4)]
    assert [len(page.found) for page in pages] == [20, 20, 5, 0]
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert [pk for page in pages for pk in pks(page)] == made


def test_a_room_without_a_position_is_found_by_its_place_only():
    made = room(point=None)
    assert pks(find(place=Place("230102", "道里区", 3))) == [made.pk]
    assert pks(near()) == []
    assert finder.dots(Search(), None, at(NOON), ()) == []


def test_a_city_has_the_rooms_of_its_districts_and_a_district_its_own():
    one, two = room(), room(region=region("230103", "南岗区"))
    other = room(region=region("230200", "齐齐哈尔市", 2))
    assert pks(find(place=Place("230100", "哈尔滨市", 2))) == [one.pk, two.pk]
    assert pks(find(place=Place("230103", "南岗区", 3))) == [two.pk]
    assert pks(find(place=Place("230200", "齐齐哈尔市", 2))) == [other.pk]


@pytest.mark.parametrize(
    "words", ["中央大街", "松雷", "儿童乐园", "道里", "妈咪", "松雷　三号", "ＡＢＣ", "abc", "道里 松雷 妈咪"]
)
def test_words_are_found_in_every_name_of_a_place(words):
    made = room(name="妈咪小屋ABC", host="松雷商场", address="中央大街69号", landmark="三号扶梯旁，儿童乐园对面")
    room(region=region("230200", "齐齐哈尔市", 2))
    assert pks(find(words=words)) == [made.pk]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "松雷 没有"])
def test_words_are_taken_as_they_are(words):
    room(host="松雷商场")
    assert pks(find(words=words)) == []


def test_filters_are_all_kept():
    both = room(facilities=["lock", "fridge", "fathers"], room_type=RoomType.BOX)
    one = room(facilities=["lock", "fridge"])
    assert pks(find(facilities=("fridge",))) == [both.pk, one.pk]
    assert pks(find(facilities=("fridge", "fathers"))) == [both.pk]
    assert pks(find(room_type=RoomType.BOX)) == [both.pk]
    assert pks(near(facilities=("fridge",), room_type=RoomType.ROOM)) == [one.pk]


# NV22 to NV29 and N29 to N35: hours, moment, whether it is open, until when or when it opens.
OPENINGS = [
    ("工作日 8:30-16:30", "2026-02-14 10:00", True, "2026-02-14 16:30"),
    ("工作日 8:30-16:30", "2026-10-10 10:00", True, "2026-10-10 16:30"),
    ("工作日 8:30-16:30", "2026-02-20 10:00", False, None),
    ("工作日 8:30-16:30", "2026-09-20 10:00", True, "2026-09-20 16:30"),
    ("周一至周五 9:00-12:00、13:30-17:00", "2026-11-27 09:00", True, "2026-11-27 12:00"),
    ("周一至周五 9:00-12:00、13:30-17:00", "2026-11-27 12:00", False, "2026-11-27 13:30"),
    ("周一至周五 9:00-12:00、13:30-17:00", "2026-11-27 12:30", False, "2026-11-27 13:30"),
    ("周一至周五 9:00-12:00、13:30-17:00", "2026-11-27 13:30", True, "2026-11-27 17:00"),
    ("周一至周五 9:00-12:00、13:30-17:00", "2026-11-27 16:59", True, "2026-11-27 17:00"),
    ("周一至周五 9:00-12:00、13:30-17:00", "2026-11-27 17:00", False, "2026-11-30 09:00"),
    ("每天 22:00-6:00", "2026-11-27 05:59", True, "2026-11-27 06:00"),
    ("每天 22:00-6:00", "2026-11-27 06:00", False, "2026-11-27 22:00"),
    ("每天 23:00-22:59", "2026-11-27 22:59", False, "2026-11-27 23:00"),
    ("周一至周五 11:30-15:00；周三至周一 18:00-23:00", "2026-11-25 19:00", True, "2026-11-25 23:00"),
    ("周一至周五 11:30-15:00；周三至周一 18:00-23:00", "2026-11-24 19:00", False, "2026-11-25 11:30"),
    ("周二至周四 7:00-4:00；周五至周日 9:00-17:00", "2026-11-27 02:00", True, "2026-11-27 04:00"),
    ("周一至周六 8:00-20:00；周日休息；法定节假日休息", "2026-11-29 10:00", False, "2026-11-30 08:00"),
    ("每天 9:00-21:00；法定节假日休息", "2026-02-17 10:00", False, None),
    ("每天 9:00-21:00；法定节假日休息", "2026-03-08 10:00", True, "2026-03-08 21:00"),
    ("24小时", "2026-11-27 03:00", True, None),
]


@pytest.mark.parametrize(("hours", "moment", "is_open", "then"), OPENINGS)
def test_filter_and_badge_say_the_same(hours, moment, is_open, then):
    """N37: the filter finds a room if and only if its badge says open."""
    made = room(hours=hours)
    (found,) = find(moment).found
    opening = found.openness.opening
    assert (found.openness.is_open, pks(find(moment, open_now=True)) == [made.pk]) == (is_open, is_open)
    shown = opening.until if is_open else opening.next_open
    if then is not None or is_open:
        assert (shown.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if shown else None) == then


def test_the_filter_finds_open_rooms_only_and_all_of_them():
    rooms = [room(hours=hours) for hours in ("24小时", DAILY, "工作日 8:30-16:30", "每天 18:00-2:00", "")]
    rooms += [shut(hours="24小时"), room(hours="24小时", is_public=False)]
    for moment in ("2026-11-27 12:00", "2026-11-27 23:00", "2026-11-28 01:00", "2026-11-28 12:00", "2026-11-28 05:00"):
        badges = {one.room.pk for one in find(moment).found if one.openness.is_open}
        assert set(pks(find(moment, open_now=True))) == badges
        assert set(pks(find(moment, point=HERE, open_now=True))) == badges
        assert {dot.pk for dot in finder.dots(Search(open_now=True), None, at(moment), ())} == badges
    assert rooms[0].pk in badges


def test_rooms_with_unknown_hours_stand_below_and_are_called_neither_open_nor_closed():
    """N38: a wrong "closed" is worse than none."""
    unknown, is_open, closed = room(hours=""), room(point=east(0.01)), room(point=east(0.02), hours="每天 18:00-20:00")
    found = near().found
    assert [one.room.pk for one in found] == [is_open.pk, closed.pk, unknown.pk]
    assert [one.openness.is_known for one in found] == [True, True, False]
    assert (found[2].openness.is_open, found[2].openness.opening.open) == (False, None)
    assert pks(near(open_now=True)) == [is_open.pk]


@pytest.mark.parametrize(
    ("moment", "is_doubtful"), [("2026-11-28 10:00", False), ("2026-12-05 23:59", False), ("2026-12-06 00:00", True)]
)
def test_a_closed_room_stays_closed_until_somebody_reopens_it(moment, is_doubtful):
    """N40: on the day after the last one it is in doubt, not open."""
    made = shut(hours="24小时")
    (found,) = find(moment).found
    assert (found.openness.is_shut, found.openness.is_doubtful) == (True, is_doubtful)
    assert (found.openness.is_open, found.openness.is_known) == (False, True)
    assert pks(find(moment, open_now=True)) == []
    NursingRoom.objects.filter(pk=made.pk).update(state=RoomState.OPEN)
    assert pks(find(moment, open_now=True)) == [made.pk]


def test_a_room_that_is_shut_without_a_last_day_is_in_doubt():
    shut(closed_from=None, closed_until=None, closed_reason="")
    (found,) = find().found
    assert (found.openness.is_shut, found.openness.is_doubtful) == (True, True)


def test_if_none_is_open_near_the_nearest_open_and_closed_ones_are_named():
    """N22: the list is not empty, and says how far the next ones are."""
    closed = room(point=north(0.0099), hours="每天 18:00-20:00")
    shut(point=north(0.005))
    room(point=north(0.007), hours="")
    far = room(point=north(0.0666))
    results = near()
    assert len(results.found) == 4
    assert results.is_none_near
    assert (results.nearest_open.room.pk, round(results.nearest_open.metres, -2)) == (far.pk, 7400)
    assert (results.nearest_closed.room.pk, round(results.nearest_closed.metres, -2)) == (closed.pk, 1100)
    only_open = near(open_now=True)
    assert pks(only_open) == [far.pk]
    assert (only_open.nearest_open.room.pk, only_open.nearest_closed.room.pk) == (far.pk, closed.pk)


def test_the_nearest_open_room_may_be_behind_the_first_page():
    for _number in range(21):
        room(point=north(0.001), hours="每天 18:00-20:00")
    far = room(point=north(0.1))
    results = near()
    assert far.pk not in pks(results)
    assert results.nearest_open.room.pk == far.pk


def test_nothing_is_said_where_a_room_near_is_open():
    room(point=north(0.02))
    results = near()
    assert (results.is_none_near, results.nearest_open, results.nearest_closed) == (False, None, None)


def test_where_nothing_is_open_at_all_only_the_closed_one_is_named():
    closed = room(hours="每天 18:00-20:00")
    results = near()
    assert (results.nearest_open, results.nearest_closed.room.pk) == (None, closed.pk)


def test_a_report_is_shown_unless_it_bypasses_or_is_settled():
    made = room()
    report(made, Trouble.DIRTY)
    report(made, Trouble.LOCKED)
    report(made, Trouble.DISTURBED, bypasses=True)
    report(made, Trouble.BROKEN, state="fixed")
    other = room(point=east(0.001))
    report(other, Trouble.UNSAFE, bypasses=True)
    found = near().found
    assert [one.troubles for one in found] == [(Trouble.LOCKED, Trouble.DIRTY), ()]
    assert {dot.pk: dot.is_troubled for dot in finder.dots(Search(), None, at(NOON), ())} == {
        made.pk: True,
        other.pk: False,
    }


def test_the_map_shows_its_own_part_by_floor():
    """N26: the rooms of one building are listed from below."""
    floors = ["十二层", "3F", "负一层", "二层", "B2", "1"]
    for floor in floors:
        room(floor=floor)
    room(point=east(0.1))
    window = Window(126.6, 45.7, 126.7, 45.8, 16)
    found = finder.dots(Search(), window, at(NOON), ())
    assert [dot.floor for dot in found] == ["B2", "负一层", "1", "二层", "3F", "十二层"]


@pytest.mark.parametrize(
    ("floor", "number"),
    [
        ("", 0),
        ("大厅", 0),
        ("3层", 3),
        ("地下2层", -2),
        ("-1", -1),
        ("b1", -1),
        ("十层", 10),
        ("二十三楼", 23),
        ("5F", 5),
    ],
)
def test_a_floor_is_read_as_people_write_it(floor, number):
    assert floor_number(floor) == number


def test_the_nearest_two_others_are_beside_a_room():
    made = room()
    others = [room(point=east(0.001 * number)) for number in (3, 1, 2)]
    assert [one.room.pk for one in finder.rooms_beside(made, at(NOON))] == [others[1].pk, others[2].pk]
    lost, beside = room(point=None, region=region("230103", "南岗区")), room(region=region("230103", "南岗区"))
    assert [one.room.pk for one in finder.rooms_beside(lost, at(NOON))] == [beside.pk]


@pytest.mark.parametrize("search", [{}, {"point": HERE}, {"point": HERE, "open_now": True}, {"words": "示例"}])
def test_the_queries_do_not_grow_with_the_rooms(django_assert_max_num_queries, search):
    for number in range(3):
        report(room(point=east(0.0001 * number)))
    moment, known = at(NOON), finder.places()
    with django_assert_max_num_queries(3):
        finder.rooms_found(Search(**search), moment, known)


def test_the_nearest_are_read_from_the_index():
    rows = finder.shown_nearest(finder.rooms_searched(Search(HERE), at(NOON), ()), HERE)[:20]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        sql, params = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using nursing_rooms_room_place" in plan
