"""The pages of the finder, as a visitor, a member and a hostile browser meet them."""

import json
import logging
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import Facility, RoomState, RoomType
from nursing_rooms.models import NursingRoom
from nursing_rooms.selectors import finder as selectors
from nursing_rooms.tables import finder as tables
from nursing_rooms.views.member import finder
from portal.core.bounds import CHINA
from portal.locations.datums import Point
from portal.locations.opening import Opening
from tests.factories.members import make_member, make_staff, sign_in
from tests.nursing_rooms.test_finder import DAILY, HERE, NOON, east, north, region, report, room, shut

pytestmark = pytest.mark.django_db

URL = "/nursing_rooms/"
PINS = "/nursing_rooms/pins/"
POSITION = {"longitude": "126.6425", "latitude": "45.7567"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let it be noon on 27 November 2026, a Friday."""
    stop_clock(monkeypatch, NOON)


def stop_clock(monkeypatch, text):
    moment = datetime.fromisoformat(text).replace(tzinfo=CHINA)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


def text_of(response):
    """Return the words of a page, without its tags."""
    page = re.sub(r"<script.*?</script>|<head>.*?</head>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def keys_of(response):
    return [int(pk) for pk in re.findall(r'<li id="place-(\d+)"', response.content.decode())]


def map_of(response):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', response.content.decode()).group(1))


def page_of(made):
    return f"/nursing_rooms/places/{made.pk}/"


def test_a_visitor_finds_rooms_without_an_account(english):
    made = room(name="示例小屋", facilities=["lock", "fridge"], cleaned_at=timezone.now() - timedelta(hours=2))
    response = english.get(URL)
    words = text_of(response)
    assert response.status_code == 200
    for said in (
        "1 room",
        "示例小屋",
        "Open now until 21:00",
        "三层 · 东门电梯旁",
        "示例大街1号",
        "Lockable door or curtain, Fridge",
        "Last cleaned: today 10:00",
        "Navigate",
    ):
        assert said in words
    assert f'href="{page_of(made)}"' in response.content.decode()
    assert "Reported" not in words


def test_the_list_speaks_chinese(client):
    room(name="示例小屋")
    response = client.get(URL, headers={"Accept-Language": "zh-CN"})
    assert (response.status_code, response.headers["Content-Language"]) == (200, "zh-hans")
    assert 'lang="zh-Hans"' in response.content.decode()
    assert [pin["sign"] for pin in map_of(response)["pins"]] == ["室"]


def test_near_me_orders_by_metres_and_says_them(english):
    """N14, N17: the position comes in the body, and the answer says how far each room is."""
    b, a = room(point=north(0.0085)), room(point=east(0.0100))
    response = english.post(URL, POSITION)
    assert response.status_code == 200
    assert keys_of(response) == [a.pk, b.pk]
    assert re.findall(r'class="finder-distance">(.*?)<', response.content.decode()) == ["776 m", "945 m"]
    assert map_of(response)["here"] == [45.7567, 126.6425]


def test_the_position_stands_in_no_address_no_log_and_is_kept_nowhere(client, caplog):
    for number in range(25):
        room(point=east(0.001 * number))
    caplog.set_level(logging.DEBUG)
    response = client.post(URL, {**POSITION, "open": "1"})
    page = response.content.decode()
    links = [*re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', page), map_of(response)["more"]]
    assert [link for link in links if "126.6425" in link or "45.7567" in link] == []
    assert response.request["QUERY_STRING"] == ""
    assert "126.64" not in caplog.text
    assert "no-store" in response.headers["Cache-Control"]
    # The next page and the filters send it again in the body.
    assert page.count('type="hidden" name="longitude" value="126.6425"') == 2
    assert re.search(r'<form id="finder-form"[^>]*method="post"', page)
    pager = page.split('<form class="pager" method="post"')[1]
    assert '<input type="hidden" name="open" value="1">' in pager
    assert 'name="page" value="2"' in pager
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_the_next_page_near_me_comes_by_the_same_form(client):
    made = [room(point=east(0.001 * number)).pk for number in range(25)]
    first, second = client.post(URL, POSITION), client.post(URL, {**POSITION, "page": "2"})
    assert keys_of(first) + keys_of(second) == made


def test_a_fragment_answers_htmx_and_has_list_form_and_map(client):
    """N23: list, form and map are one part, so that they always show the same search."""
    made = room()
    for response in (client.get(URL, headers=HTMX), client.post(URL, POSITION, headers=HTMX)):
        page = response.content.decode()
        assert page.lstrip().startswith('<div id="finder"')
        assert keys_of(response) == [made.pk]
        assert [pin["key"] for pin in map_of(response)["pins"]] == [f"place-{made.pk}"]
        assert "</html>" not in page


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"longitude": "0", "latitude": "0"},
        {"longitude": "nan", "latitude": "45"},
        {"longitude": "inf", "latitude": "45"},
        {"longitude": "181", "latitude": "45"},
        {"longitude": "126", "latitude": "-91"},
        {"longitude": "1e400", "latitude": "1e400"},
        {"longitude": "9" * 5000, "latitude": "45"},
        {"longitude": "126,64", "latitude": "45,75"},
        {"longitude": "x", "latitude": "\u202e"},
        {"longitude": "126.64"},
    ],
)
def test_a_position_that_is_none_leads_to_the_choice(client, body):
    """N19: no default position; the list by place is there."""
    made = room()
    response = client.post(URL, body)
    assert response.status_code == 422
    assert str(finder.UNPLACED) in text_of(response)
    assert 'id="id_city"' in response.content.decode()
    assert keys_of(response) == [made.pk]
    assert map_of(response)["here"] is None
    assert "finder-distance" not in response.content.decode()
    assert client.post(URL, body, headers=HTMX).status_code == 200


@pytest.mark.parametrize("longitude", ["135.5021651", "-74.0", "180", "-180"])
def test_a_visitor_outside_the_province_is_told_how_far_it_is(english, longitude):
    room()
    response = english.post(URL, {"longitude": longitude, "latitude": "34.6937378"})
    assert response.status_code == 200
    assert re.search(
        r"No room within 3 km is known to be open. The nearest open room is [\d,]+ km away.", text_of(response)
    )


def test_without_an_open_room_near_the_next_ones_are_named(english):
    """N22."""
    room(point=north(0.0099), hours="每天 18:00-20:00")
    room(point=north(0.0666))
    words = text_of(english.post(URL, POSITION))
    said = (
        "No room within 3 km is known to be open. The nearest open room is 7.4 km away. "
        "The nearest closed room is 1.1 km away and opens 18:00."
    )
    assert said in words
    assert "within 3 km" not in text_of(english.get(URL))


HOSTILE = [
    "city=999999&district=000000&place=%25&open=x&type=x&facilities=x&page=-1",
    "city=230100&city=%00x",
    "facilities=lock&facilities=nothing",
    "page=99999999999999999999",
    "page=0&place=" + "x" * 500,
    "place=%E2%80%AE%ED%95%9C",
    "longitude=126.6425&latitude=45.7567",
    "type[]=room&open=1e400&facilities=",
]


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("path", [URL, PINS])
def test_strange_filters_break_nothing(client, path, query):
    room()
    assert client.get(f"{path}?{query}").status_code == (400 if "%00" in query else 200)


def test_an_unknown_facility_filters_nothing_and_a_position_in_the_address_is_not_read(client):
    made = room(facilities=[])
    assert keys_of(client.get(f"{URL}?facilities=nothing")) == [made.pk]
    response = client.get(f"{URL}?longitude=126.6425&latitude=45.7567")
    assert map_of(response)["here"] is None
    assert "finder-distance" not in response.content.decode()


@pytest.mark.parametrize(
    "query", ["box=1,2,3", "box=nan,1,2,3&zoom=5", "zoom=99&box=126,45,127,46", "box=x&zoom=1", ""]
)
def test_a_strange_part_of_the_map_is_the_whole(client, query):
    room(), room(point=east(2))
    response = client.get(f"{PINS}?{query}")
    assert response.status_code == 200
    assert count_of(response.json()["pins"]) == 2


def count_of(pins):
    """Return how many rooms pins stand for."""
    return sum(int(pin["sign"]) if pin["sign"].isdecimal() else 1 for pin in pins)


def test_every_way_shows_the_public_rooms_and_no_other(client):
    """N25: list, map, words, nearest, counts and the pages of rooms."""
    public = [room(point=east(0.01 * number)) for number in range(7)]
    hidden = [room(is_public=False, name="单位内部小屋"), room(state=RoomState.RETIRED, name="已撤小屋")]
    listed = client.get(URL)
    assert keys_of(listed) == [made.pk for made in public]
    assert "<h2" in listed.content.decode()
    assert count_of(client.get(PINS).json()["pins"]) == 7
    assert sorted(keys_of(client.post(URL, POSITION))) == sorted(made.pk for made in public)
    assert keys_of(client.get(f"{URL}?place=单位内部")) == []
    assert {client.get(page_of(made)).status_code for made in public} == {200}
    for made in hidden:
        gone, nothing = client.get(page_of(made)), client.get("/nursing_rooms/places/999999999/")
        assert (gone.status_code, nothing.status_code) == (404, 404)
        assert text_of(gone) == text_of(nothing)
        for response in (listed, client.get(PINS), client.get(page_of(public[0])), client.post(URL, POSITION)):
            assert made.name not in response.content.decode()


def test_city_then_district(english):
    region("230100", "哈尔滨市", 2)
    region("230200", "齐齐哈尔市", 2)
    here, there = room(), room(region=region("230103", "南岗区"))
    assert "id_district" not in english.get(URL).content.decode()
    in_city = english.get(f"{URL}?city=230100")
    assert keys_of(in_city) == [here.pk, there.pk]
    assert re.findall(r'<option value="(2301\d\d)"', in_city.content.decode()) == ["230100", "230102", "230103"]
    assert keys_of(english.get(f"{URL}?city=230100&district=230103")) == [there.pk]
    # The district of another city is forgotten, without an error.
    other = english.get(f"{URL}?city=230200&district=230103")
    assert keys_of(other) == []
    assert "field-error" not in other.content.decode()
    assert "Choose another city or district" in text_of(other)


def test_filters_stay_in_the_address_and_lead_on(english):
    made = [room(facilities=["lock", "fridge"], host="示例商场").pk for _ in range(25)]
    room(facilities=["lock"])
    room(facilities=["lock", "fridge"], hours="每天 18:00-20:00")
    query = "place=%E5%95%86%E5%9C%BA&open=1&type=room&facilities=lock&facilities=fridge"
    response = english.get(f"{URL}?{query}")
    page = response.content.decode()
    assert keys_of(response) == sorted(made)[:20] or len(keys_of(response)) == 20
    following = re.search(r'<a class="btn btn-quiet" rel="next" href="([^"]*)"', page).group(1).replace("&amp;", "&")
    assert len(keys_of(english.get(following))) == 5
    assert map_of(response)["more"] == f"{PINS}?{query}"
    assert count_of(english.get(map_of(response)["more"]).json()["pins"]) == 25
    assert re.search(r"<details class=\"filter-more\" open>", page)


def test_empty_lists_say_what_to_do(english):
    region("230100", "哈尔滨市", 2)
    assert "Rooms appear here when the union has accepted them." in text_of(english.get(URL))
    room(hours="每天 18:00-20:00")
    assert "Nothing matches these filters" in text_of(english.get(f"{URL}?open=1"))
    assert "Choose another city or district" in text_of(english.get(f"{URL}?place=nowhere"))
    assert "There are no more rooms" in text_of(english.get(f"{URL}?page=7"))
    assert "Nothing matches these filters" in text_of(english.post(URL, {**POSITION, "type": "box"}))
    words = text_of(english.post(URL, {**POSITION, "open": "1"}))
    assert "No room within 3 km is known to be open. The nearest closed room is 0 m away and opens 18:00." in words


def test_unknown_hours_have_no_badge_but_a_phone(english):
    """N38."""
    lost = room(hours="", phone="0451-1234 5678")
    is_open = room(point=east(0.01))
    response = english.post(URL, POSITION)
    assert keys_of(response) == [is_open.pk, lost.pk]
    card = response.content.decode().split(f'id="place-{lost.pk}"')[1]
    assert "Hours not known, call" in " ".join(re.sub(r"<[^>]+>", " ", card).split()).replace(" ,", ",")
    assert 'href="tel:045112345678"' in card
    assert "badge" not in card.split("</li>")[0].split("icon-lines")[0].replace("finder-badges", "")


def test_a_report_marks_the_card_and_the_pin(english):
    dirty, hidden, closed = room(), room(point=east(0.001)), room(point=east(0.002), hours="每天 18:00-20:00")
    report(dirty, Trouble.DIRTY)
    report(hidden, Trouble.DISTURBED, bypasses=True)
    response = english.post(URL, POSITION)
    assert "Reported: Dirty" in text_of(response)
    assert "Disturbed" not in text_of(response)
    shown = {pin["key"]: (pin["tone"], pin["sign"]) for pin in map_of(response)["pins"]}
    assert shown == {
        f"place-{dirty.pk}": ("bad", "R"),
        f"place-{hidden.pk}": ("good", "R"),
        f"place-{closed.pk}": ("good", "R×"),
    }
    box = "box=126.642,45.75,126.6431,45.76&zoom=18"
    assert {pin["tone"] for pin in english.get(f"{PINS}?{box}").json()["pins"]} == {"bad"}


def test_pins_say_type_and_whether_it_is_closed(english):
    signs = {}
    for number, kind in enumerate(RoomType):
        made = room(point=east(0.01 * number), room_type=kind, name=kind.value)
        signs[f"place-{made.pk}"] = tables.ENGLISH_SIGNS[kind]
    asked = english.get(f"{PINS}?box=126.6,45.7,126.7,45.8&zoom=17").json()["pins"]
    assert {pin["key"]: pin["sign"] for pin in asked} == signs
    assert "三层 room (Nursing room), Open now" in [pin["label"] for pin in asked]
    assert all(pin["url"] == f"/nursing_rooms/places/{pin['key'].removeprefix('place-')}/" for pin in asked)


def test_the_rooms_of_a_building_are_one_pin_with_a_list_by_floor(client):
    """N26."""
    for number in range(12, 0, -1):
        room(floor=f"{number}F")
    for zoom in (5, 12, 18):
        (pin,) = client.get(f"{PINS}?box=126,45,127,46&zoom={zoom}").json()["pins"]
        assert (pin["sign"], len(pin["members"])) == ("12", 12)
        assert [one["label"].split()[0] for one in pin["members"]] == [f"{number}F" for number in range(1, 13)]
    (pin,) = map_of(client.get(URL))["pins"]
    assert len(pin["members"]) == 12


def test_the_first_answer_and_each_part_of_the_map_are_small(client):
    """N28: less than 50 KB, even for rooms with long texts and a zoom that takes everything apart."""
    words = "示例省示例市妇女儿童活动中心"
    for number in range(260):
        room(
            point=Point(126 + number * 0.01, 45.7 + (number % 7) * 0.05, HERE.datum),
            name=f"{words}{number}",
            host=words * 2,
            address=words * 3,
            landmark=words * 2,
            facilities=[str(one) for one in Facility],
        )
    page = client.get(URL, headers={"Accept-Encoding": "gzip"})
    assert len(page.content) < 20_000
    pins = client.get(f"{PINS}?box=120,40,135,54&zoom=18")
    assert len(pins.content) < 50_000
    assert len(pins.json()["pins"]) <= finder.MOST_PINS
    assert count_of(pins.json()["pins"]) == 260


def test_the_first_answer_is_small_before_it_is_compressed(client):
    """N28, for rooms as they are."""
    for number in range(25):
        room(name=f"道里区妈咪小屋{number}号", facilities=[str(one) for one in list(Facility)[:9]])
    assert len(client.get(URL).content) < 50_000


def test_the_page_of_a_room_says_all_that_is_public(english):
    made = room(
        name="示例小屋",
        phone="0451-12345678",
        area_m2="12.5",
        star=4,
        hours="周一至周五 9:00-12:00、13:30-17:00；法定节假日休息",
        facilities=["lock", "fathers"],
        cleaned_at=timezone.now() - timedelta(hours=2),
    )
    report(made, Trouble.BROKEN)
    near, far = room(point=east(0.001), name="甲小屋"), room(point=east(0.002), name="乙小屋")
    room(point=east(0.003), name="丙小屋")
    response = english.get(page_of(made))
    words = text_of(response)
    for said in (
        "示例小屋",
        "Nursing room",
        "Closed, opens 13:30",
        "Reported: Something is broken",
        "三层 · 东门电梯旁",
        "Mon–Fri 9:00–12:00, 13:30–17:00; Sat, Sun closed; Public holidays closed",
        "Lockable door or curtain",
        "Changing area open to fathers",
        "道里区",
        "示例商场",
        "12.5",
        "0451-12345678",
        "78 m",
        "155 m",
    ):
        assert said in words
    page = response.content.decode()
    assert [one in page for one in (page_of(near), page_of(far), "丙小屋")] == [True, True, False]
    # N1: each service in its own datum and order, converted once.
    assert "https://uri.amap.com/navigation?to=126.648" in page
    assert "https://api.map.baidu.com/marker?location=45.76" in page
    assert "https://apis.map.qq.com/" in page
    assert "https://maps.apple.com/" in page


def test_a_card_leads_to_map_services(english):
    """N1: in the datum of each service, converted once."""
    made, lost = room(), room(point=None)
    page = english.get(URL).content.decode()
    ways = re.findall(r'<a href="([^"]*)">(Amap|Tencent Maps|Other maps)</a>', page)
    assert [label for _url, label in ways] == ["Amap", "Tencent Maps", "Other maps"]
    assert ways[0][0].startswith("https://uri.amap.com/navigation?to=126.648")
    assert ways[1][0].startswith("https://apis.map.qq.com/uri/v1/routeplan?type=walk&amp;tocoord=45.75")
    assert ways[2][0] == f"{page_of(made)}#ways"
    assert 'id="ways"' in english.get(page_of(made)).content.decode()
    assert 'id="ways"' not in english.get(page_of(lost)).content.decode()


def test_the_page_says_why_and_until_when_a_room_is_closed(english, monkeypatch):
    """N40, NV29."""
    made = shut()
    stop_clock(monkeypatch, "2026-11-28 10:00")
    for path in (page_of(made), URL):
        words = text_of(english.get(path))
        assert "Temporarily closed until 5 December (included)" in words or "December 5" in words
        assert "检修" in words
    assert "from 2026-11-20 to 2026-12-05" in text_of(english.get(page_of(made)))
    stop_clock(monkeypatch, "2026-12-06 10:00")
    for path in (page_of(made), URL):
        response = english.get(path)
        assert "please confirm" in text_of(response)
        assert "is-doubtful" in response.content.decode()
        assert "Open now until" not in text_of(response)
    made.state = RoomState.OPEN
    made.save()
    assert "Open now until 21:00" in text_of(english.get(page_of(made)))


def test_words_of_rooms_stay_text(client):
    made = room(name="<b>甲</b>", landmark="</script><script>alert(1)</script>", host='"><img>', phone="x<i>")
    for response in (client.get(URL), client.get(page_of(made)), client.get(PINS)):
        assert "<b>甲" not in response.content.decode().replace("\\u003C", "")
        assert "<script>alert" not in response.content.decode()


def test_members_and_staff_find_rooms_in_their_own_frame(client):
    made = room()
    for person, frame in ((make_member(), "shell-member"), (make_staff(), "shell-desk")):
        reader = sign_in(Client(), person)
        for path in (URL, page_of(made)):
            response = reader.get(path)
            assert (response.status_code, frame in response.content.decode()[:500]) == (200, True)
            assert "no-store" in response.headers["Cache-Control"]
    visitor = client.get(page_of(made))
    assert "shell-plain" in visitor.content.decode()[:500]
    assert visitor.headers["Cache-Control"] == client.get(URL).headers["Cache-Control"] == "no-cache, private"


def test_a_get_changes_nothing_and_makes_no_session(client):
    """N55: previews and crawlers leave no trace."""
    made = room()
    before = list(NursingRoom.objects.values())
    for path in (URL, PINS, page_of(made)):
        client.get(path)
        client.head(path)
    assert list(NursingRoom.objects.values()) == before
    assert made.days.count() == 0
    assert settings.SESSION_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize(
    ("method", "path"), [("post", PINS), ("put", URL), ("delete", URL), ("post", "/nursing_rooms/places/1/")]
)
def test_other_methods_are_refused(client, method, path):
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (lambda client, made: client.get(URL), 6),
        (lambda client, made: client.get(f"{URL}?city=230100&place=示例&open=1"), 7),
        (lambda client, made: client.post(URL, POSITION), 5),
        (lambda client, made: client.get(PINS), 5),
        (lambda client, made: client.get(page_of(made)), 7),
    ],
)
def test_the_number_of_queries_is_constant(client, django_assert_max_num_queries, ask, most):
    made = room()
    report(made)
    client.get(URL)
    for _times in range(2):
        with django_assert_max_num_queries(most):
            assert ask(client, made).status_code == 200
        for number in range(15):
            report(room(point=east(0.001 * number)))


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "0 m"),
        (775.6, "776 m"),
        (999.4, "999 m"),
        (999.6, "1.0 km"),
        (7_412, "7.4 km"),
        (99_960, "100 km"),
        (1_234_567, "1,235 km"),
    ],
)
def test_distances_are_said_as_people_do(metres, words):
    with translation.override("en"):
        assert tables.distance_words(metres) == words


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2026-11-27 21:00", "Open now until 21:00"),
        ("2026-11-28 00:00", "Open now until 24:00"),
        ("2026-11-28 02:00", "Open now until 02:00"),
        ("2026-11-28 12:00", "Open now until tomorrow 12:00"),
        (None, "Open now"),
    ],
)
def test_a_badge_says_until_when(until, words):
    end = datetime.fromisoformat(until).replace(tzinfo=CHINA) if until else None
    with translation.override("en"):
        openness = selectors.Openness(Opening(open=True, until=end))
        assert tables.open_words(openness, None, timezone.now()) == words


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-27 13:30", "Closed, opens 13:30"),
        ("2026-11-28 09:00", "Closed, opens tomorrow 09:00"),
        ("2026-11-30 09:00", "Closed, opens Mon"),
        (None, "Not open now"),
    ],
)
def test_a_badge_says_when_it_opens(then, words):
    start = datetime.fromisoformat(then).replace(tzinfo=CHINA) if then else None
    with translation.override("en"):
        openness = selectors.Openness(Opening(open=False, next_open=start))
        assert tables.open_words(openness, None, timezone.now()).startswith(words)


def test_hours_of_a_year_without_a_calendar_say_so(english):
    room(hours="工作日 8:30-16:30")
    assert "public holidays of this year are not known" in text_of(english.get(URL))
    NursingRoom.objects.update(hours=None)
    room(hours=DAILY)
    assert "public holidays of this year are not known" not in text_of(english.get(URL))


def test_the_first_pages_lead_to_the_finder(client):
    assert f'href="{URL}"' in client.get("/").content.decode()
    assert f'href="{URL}"' in sign_in(Client(), make_member()).get("/").content.decode()
