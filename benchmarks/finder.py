"""The finder of nursing rooms: its query beside a bare read of the index, its page beside the same page without rooms.

Both are measured in turn, at the number of rooms of the province and at ten times as many. A third of the rooms is
public. It is noon. Queries are asked from random places around the middle of a city, pages by visitors who stand at
fifty such places again and again, as at stations and malls.
"""

import gc
import random
import statistics
import time
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.province import Shape, owner, province
from nursing_rooms.models import NursingRoom
from nursing_rooms.querysets.rooms import NursingRoomQuerySet
from nursing_rooms.selectors import finder
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.organizations.models import Region
from portal.organizations.selectors import working_calendar

SMALL = Shape(members=2_000, events=1, organizations=200)
SIZES = (4_923, 49_230)
QUERIES, PAGES, SPOTS, FEW = 300, 150, 50, 10
MOST_OF_QUERY, MOST_OF_PAGE = 1.5, 1.3
# Middles of cities (WGS-84), and degrees within which rooms and visitors are around them.
MIDDLES = ((126.64, 45.76), (123.91, 47.35), (130.96, 45.29), (130.29, 47.35), (129.63, 44.55), (127.52, 50.24))
AROUND = 0.15
# One statement for all rooms: every third is public, hours are of twelve kinds, one in twelve is not known.
ROOMS = """
    INSERT INTO nursing_rooms_nursingroom (id, longitude, latitude, given_datum, given_longitude, given_latitude,
        number, name, room_type, is_public, host, address, floor, landmark, phone, hours, facilities, state,
        closed_from, closed_until, closed_reason, cleaned_at, organization_id, region_id, version, created_at)
    SELECT n, x, y, 'wgs84', x, y, '', '示例妈咪小屋' || n || '号',
        (ARRAY['room', 'room', 'corner', 'box'])[1 + n %% 4], n %% 3 = 0 AND n <= 3 * %(public)s, '示例商场' || n,
        '示例大街' || n %% 300 || '号', (n %% 6 + 1) || '层', '东门电梯旁', '',
        CASE WHEN kind = 0 THEN NULL ELSE jsonb_build_object('working', NULL, 'holidays', NULL, 'week', (
            SELECT jsonb_agg(jsonb_build_array(jsonb_build_array(420 + kind * 15, 1260 - kind * 5 + day * 0)))
            FROM generate_series(1, 7) day)) END,
        ARRAY['lock', 'seat', 'changing_table', 'basin', 'table', 'sockets', 'bin', 'floor'],
        CASE WHEN shut THEN 'shut' ELSE 'open' END, CASE WHEN shut THEN current_date END,
        CASE WHEN shut THEN current_date + 5 END, CASE WHEN shut THEN '检修' ELSE '' END,
        now() - n %% 40 * interval '1 hour', 2 + n %% 13, (%(regions)s)[1 + n %% %(count)s], 1, now()
    FROM (SELECT n, n / 18 %% 12 AS kind, n %% 51 = 0 AS shut,
            round(((%(x)s)[1 + n / 3 %% %(cities)s] + hashint4(n) / 2147483648.0 * %(around)s)::numeric, 6) AS x,
            round(((%(y)s)[1 + n / 3 %% %(cities)s] + hashint4(n + 7) / 2147483648.0 * %(around)s)::numeric, 6) AS y
        FROM generate_series(1, %(rooms)s) n) places
"""
REPORTS = """
    INSERT INTO nursing_rooms_roomreport (room_id, organization_id, trouble, bypasses, taps, note, state, first_on,
        last_on, due_on, answer, cleared)
    SELECT id, organization_id, 'dirty', false, 1, '', 'open', current_date, current_date, current_date + 3, '', 0
    FROM nursing_rooms_nursingroom WHERE id %% 9 = 0
"""


def measure():
    """Return title, head and rows of the table, and print the plan of the query at each size."""
    settings.ALLOWED_HOSTS = ["testserver"]
    chance = random.Random(4923)  # noqa: S311 - invented visitors, the same each time
    rows = []
    noon = timezone.localtime().replace(hour=12, minute=0)
    with province(SMALL) as env, patch.object(timezone, "now", lambda: noon):
        if not Region.objects.exists():
            call_command("load_regions", verbosity=0)
        for size in SIZES:
            _fill(env["DATABASE_OWNER_URL"], size)
            gc.collect()
            public = NursingRoom.objects.published().count()
            rows += [(f"{size:,} ({public:,} public)", *row) for row in (_queries(chance), *_pages(chance))]
            _explain(size, _visitor(chance))
    head = ("rooms", "what", "alone p50 ms", "p95 ms", "whole p50 ms", "p95 ms", "ratio of p50", "of p95", "bar", "")
    return f"The finder of nursing rooms, {QUERIES} queries and {PAGES} pages in turn", head, rows


def _fill(url, size):
    """Replace all rooms by ``size`` new ones; a third of them, as in the province, is public."""
    codes = list(Region.objects.filter(level=3).order_by("code").values_list("code", flat=True))
    numbers = {
        "rooms": size,
        "public": size * 1_667 // 4_923,
        "regions": codes,
        "count": len(codes),
        "x": [x for x, _y in MIDDLES],
        "y": [y for _x, y in MIDDLES],
        "cities": len(MIDDLES),
        "around": AROUND,
    }
    with owner(url) as cursor:
        cursor.execute("TRUNCATE nursing_rooms_nursingroom CASCADE")
        cursor.execute(ROOMS, numbers)
        cursor.execute(REPORTS, {})
        cursor.execute("VACUUM ANALYZE nursing_rooms_nursingroom, nursing_rooms_roomreport")


def _visitor(chance):
    x, y = chance.choice(MIDDLES)
    return Point(x + chance.uniform(-AROUND, AROUND), y + chance.uniform(-AROUND, AROUND), Datum.WGS84)


def _searched(point):
    """Return the query of the selector: the columns of a page of rooms near a visitor."""
    moment = finder.Moment(timezone.now(), working_calendar())
    rows = finder.rooms_searched(finder.Search(point), moment, ())
    return finder.shown_nearest(rows, point)[: finder.PAGE + 1]


def _bare(point):
    """Return a query that does nothing but read the index."""
    return NursingRoom.objects.published().nearest(point).values("pk")[: finder.PAGE]


def _queries(chance):
    bare, whole = [], []
    with connection.cursor() as cursor:
        for _number in range(QUERIES):
            point = _visitor(chance)
            bare.append(_run(cursor, _bare(point)))
            whole.append(_run(cursor, _searched(point)))
    return _row("query of the nearest 20", bare, whole, MOST_OF_QUERY)


def _run(cursor, rows):
    sql, params = rows.query.sql_with_params()
    begun = time.perf_counter()
    cursor.execute(sql, params)
    cursor.fetchall()
    return time.perf_counter() - begun


def _pages(chance):
    """Yield a row for "near me", for the same with a filter, for a city, and for the whole map."""
    city = Region.objects.filter(level=2).order_by("code").first().code
    near, pins = reverse("nursing_rooms:finder-list"), reverse("nursing_rooms:finder-pins")
    asks = {
        "page near me": (PAGES, lambda client, here: client.post(near, here)),
        "page near me, open now": (PAGES, lambda client, here: client.post(near, {**here, "open": "1"})),
        "page of a city": (PAGES, lambda client, here: client.get(near, {"city": city})),
        "pins of the whole map": (FEW, lambda client, here: client.get(pins)),
    }
    points = [_visitor(chance) for _number in range(SPOTS)]
    spots = [{"longitude": f"{one.longitude:.4f}", "latitude": f"{one.latitude:.4f}"} for one in points]
    for what, (times, ask) in asks.items():
        client, alone, whole = Client(), [], []
        # The first requests of a process load templates and draw cards.
        warm = spots[:times]
        for here in [*warm, *(chance.choice(spots) for _number in range(times))]:
            with patch.object(NursingRoomQuerySet, "published", lambda rows: rows.none()):
                empty = _timed(ask, client, here)
            full = _timed(ask, client, here)
            alone.append(empty)
            whole.append(full)
        alone, whole = alone[len(warm) :], whole[len(warm) :]
        yield _row(what, alone, whole, MOST_OF_PAGE if what == "page near me" else None)


def _timed(ask, client, here):
    begun = time.perf_counter()
    ask(client, here)
    return time.perf_counter() - begun


def _row(what, alone, whole, bar):
    halves = [statistics.median(times) * 1000 for times in (alone, whole)]
    most = [statistics.quantiles(times, n=20)[-1] * 1000 for times in (alone, whole)]
    middle, far = halves[1] / halves[0], most[1] / most[0]
    shown = (f"{halves[0]:.2f}", f"{most[0]:.2f}", f"{halves[1]:.2f}", f"{most[1]:.2f}", f"{middle:.2f}", f"{far:.2f}")
    return (what, *shown, f"<= {bar}" if bar else "", "over" if bar and max(middle, far) > bar else "")


def _explain(size, point):
    sql, params = _searched(point).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params)
        print(f"\nThe query of the nearest {finder.PAGE} at {size:,} rooms")
        for (line,) in cursor.fetchall():
            print(f"  {line}", flush=True)
