"""The register of rooms from Excel: hundreds of lines in, wrong ones named by line, and back."""

from datetime import date

import pytest
from django.utils import timezone

from nursing_rooms.alike import alike
from nursing_rooms.choices.rooms import Facility, RoomState, RoomType
from nursing_rooms.facilities import REQUIRED
from nursing_rooms.imports import RoomRegister
from nursing_rooms.models import NursingRoom
from nursing_rooms.words import DATUM_WORDS, FACILITY_WORDS, TYPE_WORDS, words_of
from portal.core.errors import DomainError
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_take_back, import_write
from portal.locations.choices import Datum
from portal.locations.hours import hours_text
from portal.messaging.models import Touch
from tests.exchange import files
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_staff
from tests.factories.nursing_rooms import make_report, make_room
from tests.factories.organizations import make_province, make_unit
from tests.factories.rights import make_line

HEADINGS = {
    "name": "小屋名称",
    "number": "编号",
    "room_type": "类型",
    "is_public": "是否对外",
    "host": "所在单位",
    "region": "行政区划代码",
    "keeper": "管理工会",
    "address": "地址",
    "floor": "楼层",
    "landmark": "参照物",
    "phone": "联系电话",
    "area_m2": "面积",
    "hours": "开放时间",
    "facilities": "设施",
    "longitude": "经度",
    "latitude": "纬度",
    "position": "坐标",
    "datum": "坐标系",
    "opened_on": "启用日期",
}
ALL = "门锁、哺乳椅、垃圾桶、尿布台、洗手池、桌子、插座、防滑地面"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def line():
    return make_line()


def row(serial=1, **cells):
    found = {
        "name": f"示例妈咪小屋{serial}",
        "number": f"W{serial:05d}",
        "room_type": "母婴室",
        "is_public": "是",
        "host": f"示例商场{serial}",
        "region": "230102",
        "keeper": "",
        "address": f"示例路{serial}号",
        "floor": "三层",
        "landmark": "东侧电梯旁",
        "phone": "0451-12345678",
        "area_m2": "12.5",
        "hours": "周一至周日 9:00-21:00",
        "facilities": ALL,
        "longitude": "126.6425",
        "latitude": "45.7567",
        "position": "",
        "datum": "高德",
        "opened_on": "2024-05-01",
        **cells,
    }
    return [found[name] for name in HEADINGS]


def bring_in(organization, rows, actor=None):
    """Upload and check a file, and import it if it has no faults; return the run."""
    actor = actor or make_staff(organization)
    data = files.xlsx([list(HEADINGS.values()), *rows])
    run = import_start(
        actor=actor,
        organization=organization,
        register=registers()["nursing_rooms.rooms"],
        upload=files.upload(data),
    )
    import_check(run.job)
    run.refresh_from_db()
    if run.state == RunState.CHECKED_CLEAN:
        run = import_confirm(run=run, actor=actor)
        import_write(run.job)
        run.refresh_from_db()
    return run


def faults(run, level="fault"):
    return [(fault["line"], fault["column"]) for fault in run.faults if fault["level"] == level]


def test_a_line_becomes_a_room(line):
    run = bring_in(line.city, [row()])
    assert (run.state, run.faults) == (RunState.IMPORTED, [])
    room = NursingRoom.objects.get()
    assert (room.name, room.number, room.room_type, room.is_public) == (
        "示例妈咪小屋1",
        "W00001",
        RoomType.ROOM,
        True,
    )
    assert (room.state, room.opened_on, room.region, float(room.area_m2)) == (
        RoomState.OPEN,
        date(2024, 5, 1),
        line.region,
        12.5,
    )
    assert set(room.facilities) == REQUIRED[RoomType.ROOM]
    assert "9:00" in hours_text(room.hours)
    assert (float(room.given_longitude), float(room.given_latitude), room.given_datum) == (
        126.6425,
        45.7567,
        Datum.GCJ02,
    )
    assert room.longitude != room.given_longitude


def test_hundreds_of_lines_go_in_and_come_back(line):
    rows = [row(number, is_public="是" if number % 3 == 0 else "否") for number in range(1, 401)]
    actor = make_staff(line.city)
    run = bring_in(line.city, rows, actor)
    assert (run.state, run.added) == (RunState.IMPORTED, 400)
    assert NursingRoom.objects.published().count() == 133
    assert Touch.objects.filter(source="nursing_rooms.nursingroom").count() == 1
    again = bring_in(line.city, [*rows, row(401)], actor)
    assert (again.known, again.added) == (400, 1)
    import_take_back(run=run, actor=actor)
    assert NursingRoom.objects.count() == 1
    assert Touch.objects.filter(source="nursing_rooms.nursingroom").count() == 3


def test_rooms_in_use_stay(line):
    actor = make_staff(line.city)
    run = bring_in(line.city, [row()], actor)
    make_report(NursingRoom.objects.get())
    with pytest.raises(DomainError) as refused:
        import_take_back(run=run, actor=actor)
    assert refused.value.code == "in-use"


class TestWhoManagesARoom:
    def test_the_union_of_its_county_else_of_its_city_else_whoever_imports(self, line):
        make_region("230103", "另一区")
        province = make_province()
        run = bring_in(province, [row(1), row(2, region="230103"), row(3, region=make_region("230200", "另一市").code)])
        assert run.state == RunState.IMPORTED
        assert [room.organization for room in NursingRoom.objects.order_by("number")] == [
            line.county,
            line.city,
            province,
        ]

    def test_the_one_that_the_line_names(self, line):
        unit = make_unit(line.county, name="示例总公司工会")
        bring_in(line.city, [row(1, keeper="示例总公司工会")])
        assert NursingRoom.objects.get().organization == unit

    def test_a_union_elsewhere_is_named_by_line(self, line):
        make_unit(name="外地工会")
        run = bring_in(line.city, [row(1), row(2, keeper="外地工会"), row(3, region=make_region("230200").code)])
        assert faults(run) == [(3, "keeper"), (4, "region")]
        assert not NursingRoom.objects.exists()


class TestWrongCells:
    @pytest.mark.parametrize(
        ("cells", "column", "words"),
        [
            ({"longitude": "45.7567", "latitude": "126.6425"}, "longitude", "126.6425"),
            ({"longitude": "", "latitude": "", "position": "45.7567,126.6425"}, "position", "126.6425"),
            ({"longitude": "135.5021651", "latitude": "34.6937378"}, "longitude", ""),
            ({"longitude": "126.6425", "latitude": ""}, "longitude", ""),
            ({"longitude": "", "latitude": "", "position": "在三楼"}, "position", ""),
            ({"datum": ""}, "datum", ""),
            ({"datum": "北京54"}, "datum", ""),
            ({"hours": "看情况"}, "hours", ""),
            ({"hours": "10:00+"}, "hours", ""),
            ({"facilities": "门锁、冰淇淋机"}, "facilities", "冰淇淋机"),
            ({"is_public": "也许"}, "is_public", ""),
            ({"room_type": "厕所"}, "room_type", ""),
            ({"room_type": ""}, "room_type", ""),
            ({"region": "999999"}, "region", ""),
            ({"host": ""}, "host", ""),
            ({"area_m2": "-1"}, "area_m2", ""),
            ({"opened_on": "2199-01-01"}, "opened_on", ""),
            ({"name": "长" * 61}, "name", ""),
        ],
    )
    def test_they_are_named_by_line_and_nothing_is_written(self, line, cells, column, words):
        run = bring_in(line.city, [row(1), row(2, **cells)])
        assert (run.state, faults(run)) == (RunState.CHECKED_FAULTY, [(3, column)])
        assert words in run.faults[0]["reason"]
        assert not NursingRoom.objects.exists()


class TestWords:
    @pytest.mark.parametrize(
        ("word", "value"), [("是", True), ("对外", True), ("Ｙ", True), ("否", False), ("", False)]
    )
    def test_yes_and_no(self, line, word, value):
        assert bring_in(line.city, [row(is_public=word)]).state == RunState.IMPORTED
        assert NursingRoom.objects.get().is_public is value

    @pytest.mark.parametrize(
        ("word", "kind"),
        [
            ("关爱角", RoomType.CORNER),
            ("Care box", RoomType.BOX),
            ("mobile", RoomType.MOBILE),
            ("哺乳室", RoomType.ROOM),
        ],
    )
    def test_types(self, line, word, kind):
        assert bring_in(line.city, [row(room_type=word)]).state == RunState.IMPORTED
        assert NursingRoom.objects.get().room_type == kind

    @pytest.mark.parametrize(
        "written", ["门锁,沙发，冰箱；WiFi", "门锁 沙发 冰箱", "Fridge、Basin with hot water and soap"]
    )
    def test_facilities(self, line, written):
        run = bring_in(line.city, [row(room_type="关爱箱", facilities=written)])
        if "WiFi" in written:
            assert faults(run) == [(2, "facilities")]
            return
        assert Facility.FRIDGE in NursingRoom.objects.get().facilities

    @pytest.mark.parametrize("word", ["WGS-84", "GPS", "百度", "GCJ-02 (Amap, Tencent)", "bd09"])
    def test_datums(self, line, word):
        assert bring_in(line.city, [row(datum=word)]).state == RunState.IMPORTED
        assert NursingRoom.objects.get().given_datum in Datum.values

    def test_no_word_means_two_things(self):
        for choices, further in ((RoomType, TYPE_WORDS), (Datum, DATUM_WORDS), (Facility, FACILITY_WORDS)):
            written = [word for words in further.values() for word in words]
            assert len(written) == len(set(written))
            assert set(words_of(choices, further).values()) == set(choices.values)

    def test_a_room_may_have_no_position(self, line):
        run = bring_in(line.city, [row(longitude="", latitude="", datum="")])
        assert (run.state, faults(run, "warning")) == (RunState.IMPORTED, [(2, "position")])
        assert NursingRoom.objects.get().point is None

    def test_missing_facilities_and_a_missing_day_are_warnings(self, line):
        run = bring_in(line.city, [row(facilities="门锁", opened_on="", is_public="否")])
        assert (run.state, faults(run, "warning")) == (
            RunState.IMPORTED,
            [(2, "facilities"), (2, "opened_on")],
        )
        assert NursingRoom.objects.get().opened_on == date(timezone.localdate().year - 1, 12, 31)


class TestTheSameRoom:
    def test_a_room_in_the_register_is_skipped(self, line):
        make_room(line.county, name="示例妈咪小屋1", host="示例商场1", floor="3F", region=line.region)
        run = bring_in(line.city, [row(1), row(2)])
        assert (run.state, run.known, run.added) == (RunState.IMPORTED, 1, 1)

    def test_one_that_was_withdrawn_is_not(self, line):
        make_room(
            line.county,
            name="示例妈咪小屋1",
            host="示例商场1",
            floor="三层",
            region=line.region,
            state=RoomState.RETIRED,
        )
        assert bring_in(line.city, [row(1)]).added == 1

    def test_one_that_stands_twice_is_named(self, line):
        run = bring_in(line.city, [row(1), row(1, number="W2", floor="（三楼）")])
        assert faults(run) == [(3, "name")]

    def test_rooms_with_the_same_name_elsewhere_are_others(self, line):
        names = {"name": "母婴室"}
        assert bring_in(line.city, [row(1, **names), row(2, **names), row(3, **names)]).added == 3

    def test_a_number_belongs_to_one_room(self, line):
        make_room(line.county, number="W00001", region=line.region)
        run = bring_in(line.city, [row(1), row(2), row(3, number="W00002")])
        assert faults(run) == [(2, "number"), (4, "number")]

    def test_another_room_at_the_same_place_is_doubtful(self, line):
        rows = [row(1, address="中央大街69号3层", floor=""), row(2, address="中央大街６９号（三楼）", floor="")]
        run = bring_in(line.city, rows)
        assert (run.added, faults(run, "warning")) == (2, [(3, "address")])

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("中央大街69号3层", "中央大街６９号（三楼）", True),
            ("3F", "三层", True),
            ("B1层", "地下一层", True),
            ("负二楼", "B2F", True),
            ("十二层", "12楼", True),
            ("二十层", "20F", True),
            ("一层", "十一层", False),
            ("B1层", "1层", False),
            ("69号", "96号", False),
        ],
    )
    def test_ways_to_write_a_place(self, one, other, same):
        assert (alike(one) == alike(other)) is same


def test_the_template_names_every_column():
    assert {column.name for column in RoomRegister.columns} == set(HEADINGS)
