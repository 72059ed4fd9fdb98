"""Nursing rooms: applied for, checked, accepted, run by their managers, closed, withdrawn."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nursing_rooms import erasing, merging, own_data, rules
from nursing_rooms.choices.reports import ReportState, Trouble
from nursing_rooms.choices.rooms import Facility, RoomState, RoomType
from nursing_rooms.facilities import REQUIRED, missing_facilities
from nursing_rooms.models import NursingRoom, RoomManager
from nursing_rooms.selectors.plates import plate_of
from nursing_rooms.services import rooms as services
from nursing_rooms.services.reports import report_fix
from nursing_rooms.todo import items_for
from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.reading import read_hours
from portal.messaging.models import Message, Touch
from portal.organizations.choices import OrganizationKind
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.nursing_rooms import make_manager, make_plate, make_report, make_room
from tests.factories.organizations import make_organization, make_unit
from tests.factories.rights import make_line
from tests.nursing_rooms.test_finder import region

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HARBIN = Point(126.6425, 45.7567, Datum.GCJ02)


@pytest.fixture
def line():
    return make_line()


def typed(organization, **fields):
    return {
        "organization": organization.pk,
        "name": "示例妈咪小屋",
        "number": "NR-1",
        "room_type": RoomType.ROOM,
        "is_public": "on",
        "host": "示例商场",
        "region": (organization.region or make_region()).pk,
        "address": "示例路1号",
        "floor": "三层",
        "landmark": "东侧电梯旁",
        "phone": "0451-12345678",
        "area_m2": "12",
        "hours": "周一至周五 9:00-12:00，13:30-17:00",
        "facilities": sorted(REQUIRED[RoomType.ROOM]),
        "longitude": "126.6425",
        "latitude": "45.7567",
        "datum": Datum.GCJ02,
        **fields,
    }


class TestTheWayToOpen:
    def test_a_unit_applies_the_county_checks_the_city_accepts(self, client, line):
        grass = make_staff(make_unit(line.county, region=line.region))
        unit = grass.organization
        sign_in(client, grass)
        sent = client.post(reverse("nursing_rooms:room-create"), typed(unit))
        room = NursingRoom.objects.get()
        assert sent.url == room.get_absolute_url()
        assert (room.state, room.opened_on) == (RoomState.APPLIED, None)
        for step in ("check", "accept"):
            assert client.post(reverse(f"nursing_rooms:room-{step}", args=[room.pk])).status_code == 403
        sign_in(client, line.cadre)
        assert client.post(reverse("nursing_rooms:room-check", args=[room.pk])).status_code == 302
        assert client.post(reverse("nursing_rooms:room-accept", args=[room.pk])).status_code == 403
        sign_in(client, line.city_chair)
        assert client.post(reverse("nursing_rooms:room-accept", args=[room.pk])).status_code == 302
        room.refresh_from_db()
        assert (room.state, room.opened_on) == (RoomState.OPEN, timezone.localdate())
        actions = list(AuditEntry.objects.all().about(room).order_by("pk").values_list("action", flat=True))
        assert actions == ["room.create", "nursing_rooms.nursingroom.checked", "nursing_rooms.nursingroom.open"]
        assert Touch.objects.filter(source="nursing_rooms.nursingroom", organization_id=unit.pk).exists()

    def test_a_city_of_its_own_kind_accepts_too(self, line):
        industrial = make_organization(line.province, kind=OrganizationKind.INDUSTRIAL)
        room = make_room(make_unit(industrial), state=RoomState.CHECKED)
        assert rules.can_accept_room(make_staff(industrial), room)
        assert not rules.can_accept_room(line.city_chair, room)

    @pytest.mark.parametrize("room_type", RoomType)
    def test_a_type_needs_its_facilities(self, line, room_type):
        first = next(facility for facility in Facility if facility in REQUIRED[room_type])
        room = make_room(line.county, room_type=room_type, state=RoomState.APPLIED)
        room.facilities.remove(first)
        assert missing_facilities(room_type, room.facilities) == [first.label]
        with pytest.raises(DomainError) as refused:
            services.room_check(actor=line.cadre, room=room)
        assert refused.value.code == "facilities"
        room.facilities.append(first)
        assert services.room_check(actor=line.cadre, room=room).state == RoomState.CHECKED

    def test_a_room_asks_for_more_than_a_corner_and_a_corner_for_more_than_a_box(self):
        assert REQUIRED[RoomType.ROOM] > REQUIRED[RoomType.CORNER] > REQUIRED[RoomType.BOX]

    @pytest.mark.parametrize("lacking", [{"point": None}, {"floor": ""}, {"landmark": ""}])
    def test_a_public_room_must_be_found_inside_its_building(self, line, lacking):
        room = make_room(line.county, state=RoomState.CHECKED, **lacking)
        with pytest.raises(DomainError) as refused:
            services.room_open(actor=line.city_chair, room=room)
        assert refused.value.code == "not-findable"
        unit_only = make_room(line.county, state=RoomState.CHECKED, is_public=False, **lacking)
        assert services.room_open(actor=line.city_chair, room=unit_only).state == RoomState.OPEN

    @pytest.mark.parametrize("state", [RoomState.CHECKED, RoomState.OPEN, RoomState.CLOSED, RoomState.RETIRED])
    def test_only_an_application_is_checked(self, line, state):
        room = make_room(line.county, state=state)
        with pytest.raises(DomainError):
            services.room_check(actor=line.cadre, room=room)

    def test_a_room_lies_in_the_region_of_its_union(self, client, line):
        elsewhere = make_region("230200", "另一市")
        sign_in(client, line.chair)
        refused = client.post(reverse("nursing_rooms:room-create"), typed(line.county, region=elsewhere.pk))
        assert refused.status_code == 422
        assert not NursingRoom.objects.exists()
        room = make_room(line.county, region=line.region)
        with pytest.raises(DomainError) as moved:
            services.room_update(actor=line.chair, room=room, version=1, region=elsewhere)
        assert moved.value.code == "outside"


class TestThePlace:
    def test_the_position_is_kept_as_entered_and_converted_once(self, client, line):
        sign_in(client, line.chair)
        client.post(reverse("nursing_rooms:room-create"), typed(line.county))
        room = NursingRoom.objects.get()
        assert (float(room.given_longitude), float(room.given_latitude), room.given_datum) == (
            126.6425,
            45.7567,
            Datum.GCJ02,
        )
        assert abs(float(room.longitude) - 126.6425) > 0.004
        page = client.get(reverse("nursing_rooms:room-update", args=[room.pk]))
        form = page.context["form"]
        assert (float(form.initial["longitude"]), form.initial["datum"]) == (126.6425, Datum.GCJ02)
        assert "周一至周五" in page.content.decode()
        before = room.longitude
        changes = {**typed(line.county, floor="四层"), "version": room.version}
        assert client.post(page.request["PATH_INFO"], changes).status_code == 302
        room.refresh_from_db()
        assert (room.floor, room.longitude) == ("四层", before)
        assert client.post(page.request["PATH_INFO"], changes).status_code == 409

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"datum": ""}, "datum"),
            ({"longitude": "45.7567", "latitude": "126.6425"}, "longitude"),
            ({"longitude": "135.5021651", "latitude": "34.6937378"}, "longitude"),
            ({"hours": "看心情"}, "hours"),
        ],
    )
    def test_what_cannot_be_is_refused_with_the_field(self, client, line, fields, wrong):
        sign_in(client, line.chair)
        answer = client.post(reverse("nursing_rooms:room-create"), typed(line.county, **fields))
        assert answer.status_code == 422
        assert wrong in answer.context["form"].errors
        assert not NursingRoom.objects.exists()

    def test_a_room_may_have_no_position_and_no_hours_yet(self, client, line):
        sign_in(client, line.chair)
        unknown = {"longitude": "", "latitude": "", "datum": "", "hours": ""}
        client.post(reverse("nursing_rooms:room-create"), typed(line.county, **unknown))
        room = NursingRoom.objects.get()
        assert (room.point, room.hours) == (None, None)
        text = client.get(room.get_absolute_url()).content.decode()
        assert "Position as entered" not in text

    def test_the_register_shows_what_is_missing(self, client, line):
        make_room(line.county, name="有坐标的小屋", hours=read_hours("周一至周日 9:00-21:00"))
        make_room(line.county, name="没坐标的小屋", point=None)
        sign_in(client, line.chair)
        address = reverse("nursing_rooms:room-list")
        for query, there in (({}, 2), ({"lacking": "place"}, 1), ({"lacking": "hours"}, 1), ({"reports": "open"}, 0)):
            rows = client.get(address, query).context["table"].rows
            assert len(rows) == there, query

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_list_takes_the_same_number_of_queries(self, client, line, rows, django_assert_max_num_queries):
        for _number in range(rows):
            make_room(line.county)
        sign_in(client, line.chair)
        client.get(reverse("nursing_rooms:room-list"))
        with django_assert_max_num_queries(20):
            client.get(reverse("nursing_rooms:room-list"))


class TestRunning:
    def test_a_manager_cleans_closes_and_reopens_on_the_phone(self, client, line):
        room = make_room(line.county)
        manager = make_manager(room).member
        sign_in(client, manager)
        mine = client.get(reverse("nursing_rooms:room-mine"))
        assert room.name in mine.content.decode()
        assert client.get(room.get_absolute_url()).status_code == 200
        assert client.post(reverse("nursing_rooms:room-clean", args=[room.pk])).status_code == 302
        until = timezone.localdate() + 7 * DAY
        closed = client.post(
            reverse("nursing_rooms:room-close", args=[room.pk]), {"closed_until": until.isoformat(), "reason": "检修"}
        )
        assert closed.status_code == 302
        room.refresh_from_db()
        assert (room.state, room.closed_until, room.closed_reason) == (RoomState.CLOSED, until, "检修")
        assert room.cleaned_at is not None
        assert client.post(reverse("nursing_rooms:room-reopen", args=[room.pk])).status_code == 302
        room.refresh_from_db()
        assert (room.state, room.closed_until, room.closed_reason) == (RoomState.OPEN, None, "")

    def test_a_manager_reads_neither_the_other_managers_nor_the_history(self, client, line):
        room = make_room(line.county)
        manager, other = make_manager(room).member, make_manager(room).member
        services.room_clean(actor=line.chair, room=room)
        sign_in(client, manager)
        answer = client.get(room.get_absolute_url())
        assert other.name not in answer.content.decode()
        assert answer.context["entries"] == []
        sign_in(client, line.chair)
        assert other.name in client.get(room.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("name", ["update", "manager", "retire", "replace", "plate"])
    def test_a_manager_changes_nothing_else(self, client, line, name):
        room = make_room(line.county)
        sign_in(client, make_manager(room).member)
        assert client.get(reverse(f"nursing_rooms:room-{name}", args=[room.pk])).status_code == 403

    @pytest.mark.parametrize("name", ["detail", "clean", "close", "reopen"])
    def test_a_member_who_looks_after_nothing_finds_nothing(self, client, line, name):
        room = make_room(line.county)
        sign_in(client, make_member(organization=line.county))
        assert client.get(reverse(f"nursing_rooms:room-{name}", args=[room.pk])).status_code == 404

    def test_a_closed_room_stays_closed_until_somebody_opens_it(self, client, line):
        today = timezone.localdate()
        room = make_room(
            line.county,
            state=RoomState.CLOSED,
            closed_from=today - 9 * DAY,
            closed_until=today - DAY,
            closed_reason="检修",
        )
        sign_in(client, make_manager(room).member)
        (shown,) = client.get(reverse("nursing_rooms:room-mine")).context["rooms"]
        assert shown["waits"]
        assert not shown["open"]

    def test_a_closing_has_an_end_that_lies_ahead_and_a_reason(self, client, line):
        room = make_room(line.county)
        sign_in(client, line.chair)
        address = reverse("nursing_rooms:room-close", args=[room.pk])
        yesterday, never = timezone.localdate() - DAY, timezone.localdate() + 2000 * DAY
        for sent in ({"closed_until": yesterday, "reason": "检修"}, {"closed_until": never, "reason": "检修"}, {}):
            assert client.post(address, sent).status_code == 422
        with pytest.raises(DomainError) as refused:
            services.room_close(actor=line.chair, room=room, closed_until=yesterday, reason="检修")
        assert refused.value.code == "past"
        room.refresh_from_db()
        assert room.state == RoomState.OPEN

    @pytest.mark.parametrize("state", [state for state in RoomState if state != RoomState.OPEN])
    def test_only_an_open_room_is_cleaned(self, line, state):
        room = make_room(line.county, state=state)
        with pytest.raises(DomainError):
            services.room_clean(actor=line.chair, room=room)
        room.refresh_from_db()
        assert room.cleaned_at is None

    def test_an_upgrade_is_counted_apart(self, line):
        today = timezone.localdate()
        room = make_room(line.county, opened_on=today - 100 * DAY)
        for wrong in (today + DAY, today - 101 * DAY):
            with pytest.raises(DomainError) as refused:
                services.room_update(actor=line.chair, room=room, version=1, renewed_on=wrong)
            assert refused.value.code == "no-such-upgrade"
        Touch.objects.all().delete()
        services.room_update(actor=line.chair, room=room, version=1, renewed_on=today)
        assert Touch.objects.get().first == today - 100 * DAY
        with pytest.raises(Conflict):
            services.room_update(actor=line.chair, room=room, version=1, floor="二层")


class TestManagers:
    def test_a_person_of_ones_own_rosters_is_added_and_told(self, client, line):
        room = make_room(line.county)
        mine = make_member(organization=line.county, phone=phone_number(8201))
        other = make_member(organization=make_organization(), phone=phone_number(8202))
        sign_in(client, line.chair)
        address = reverse("nursing_rooms:room-manager", args=[room.pk])
        assert client.post(address, {"phone": other.phone}).status_code == 422
        assert client.post(address, {"phone": mine.phone}).status_code == 302
        assert client.post(address, {"phone": mine.phone}).status_code == 422
        row = RoomManager.objects.get()
        assert (row.member, row.given_by) == (mine, line.chair)
        assert Message.objects.get(kind="nursing_rooms.manager_added").recipient == mine
        assert client.post(reverse("nursing_rooms:manager-remove", args=[row.pk])).status_code == 302
        assert not rules.looks_after(mine, room)
        with pytest.raises(DomainError) as refused:
            services.manager_remove(actor=line.chair, manager=row)
        assert refused.value.code == "removed"
        # The same person may come back.
        services.manager_add(actor=line.chair, room=room, member=mine)
        assert rules.looks_after(mine, room)

    def test_the_city_next_door_neither_sees_nor_changes_it(self, client, line):
        room, row = make_room(line.county), make_manager(make_room(line.county))
        sign_in(client, make_staff(make_organization()))
        for name in ("detail", "update", "manager", "close", "retire", "plate", "print", "document"):
            assert client.get(reverse(f"nursing_rooms:room-{name}", args=[room.pk])).status_code == 404
        assert client.post(reverse("nursing_rooms:manager-remove", args=[row.pk])).status_code == 404
        row.refresh_from_db()
        assert row.valid_until is None


class TestWithdrawing:
    def test_it_ends_managers_reports_and_plate_and_nothing_that_is_past(self, client, line):
        room = make_room(line.county)
        manager, plate = make_manager(room), make_plate(room)
        settled, still_open = make_report(room, Trouble.BROKEN), make_report(room, Trouble.DIRTY)
        report_fix(actor=line.chair, report=settled, answer="已修")
        sign_in(client, line.chair)
        answer = client.post(reverse("nursing_rooms:room-retire", args=[room.pk]), {"reason": "单位搬迁"})
        assert answer.status_code == 302
        for row in (room, manager, plate, settled, still_open):
            row.refresh_from_db()
        today = timezone.localdate()
        assert (room.state, room.retired_on, manager.valid_until) == (RoomState.RETIRED, today, today)
        assert (plate.standing, plate.reason, plate_of(room)) == ("withdrawn", "单位搬迁", None)
        assert (settled.state, still_open.state) == (ReportState.FIXED, ReportState.ENDED)
        assert not NursingRoom.objects.published().exists()
        assert NursingRoom.objects.managed_by(manager.member).count() == 0

    def test_a_withdrawn_room_takes_nobody_and_nothing(self, line):
        room = make_room(line.county, state=RoomState.RETIRED)
        for work in (
            lambda: services.manager_add(actor=line.chair, room=room, member=line.cadre),
            lambda: services.room_open(actor=line.chair, room=room),
            lambda: make_report(room),
            lambda: make_plate(room),
        ):
            with pytest.raises(DomainError):
                work()

    def test_its_place_may_be_applied_for_again(self, client, line):
        sign_in(client, line.chair)
        client.post(reverse("nursing_rooms:room-create"), typed(line.county))
        again = typed(line.county, number="NR-2")
        assert client.post(reverse("nursing_rooms:room-create"), again).status_code == 422
        services.room_retire(actor=line.chair, room=NursingRoom.objects.get(), reason="搬迁")
        assert client.post(reverse("nursing_rooms:room-create"), again).status_code == 302


class TestPeople:
    def test_no_rule_lets_in_who_has_no_duty(self, line):
        nobody, manager = make_member(organization=line.county), make_manager(make_room(line.county))
        room = manager.room
        found = (rules.can_edit_room, rules.can_change_room, rules.can_run_room, rules.looks_after)
        assert [rule(nobody, room) for rule in found] == [False] * 4
        assert not rules.can_edit_manager(nobody, manager)
        assert rules.can_run_room(manager.member, room)

    def test_a_reviewer_sees_and_changes_nothing(self, line):
        reviewer, room = make_staff(line.county, role=Role.REVIEWER), make_room(line.county)
        assert NursingRoom.objects.visible_to(reviewer).get() == room
        assert not rules.can_edit_room(reviewer, room)

    def test_own_data_names_the_rooms(self, line):
        row = make_manager(make_room(line.county))
        (sheet,) = [source for source in own_data.SOURCES if source.code == "nursing_rooms.managed"]
        assert sheet.rows(row.member) == [(row.room.name, timezone.localdate(), None)]
        assert sheet.rows(make_member()) == []

    def test_erasing_leaves_the_room_and_the_others(self, line):
        room = make_room(line.county)
        row, other = make_manager(room), make_manager(room)
        assert erasing.consequences(row.member)[0][1] == 1
        erasing.erase(member=row.member, actor=line.chair)
        erasing.erase(member=row.member, actor=line.chair)
        assert list(room.managers.all()) == [other]

    def test_rooms_and_reports_go_over_when_unions_merge(self, line):
        target, room = make_organization(), make_room(line.county, opened_on=date(2026, 3, 2))
        report = make_report(room)
        Touch.objects.all().delete()
        assert [count for _words, count in merging.consequences(line.county)] == [1, 1, 0]
        merging.absorb(actor=line.chair, source=line.county, target=target, on=None)
        room.refresh_from_db()
        report.refresh_from_db()
        assert (room.organization, report.organization) == (target, target)
        touched = Touch.objects.filter(first=date(2026, 3, 2)).values_list("source", "organization_id")
        sources = ("nursing_rooms.nursingroom", "nursing_rooms.roomday")
        assert set(touched) == {(name, place.pk) for name in sources for place in (line.county, target)}


def test_1667_of_4923_is_a_share_of_sums():
    """The public queryset has public rooms that stand, and no others."""
    make_room(is_public=True)
    make_room(is_public=True, state=RoomState.CLOSED)
    make_room(is_public=False)
    for state in (RoomState.APPLIED, RoomState.CHECKED, RoomState.RETIRED):
        make_room(is_public=True, state=state)
    assert NursingRoom.objects.published().count() == 2
    assert NursingRoom.objects.standing().count() == 3


class TestToDo:
    def urls(self, actor):
        return [item.url for item in items_for(actor)]

    def test_an_application_waits_for_the_county_then_for_the_city(self, line):
        unit = make_unit(line.county)
        room = make_room(unit, state=RoomState.APPLIED)
        url = room.get_absolute_url()
        people = (make_staff(unit), line.cadre, line.city_chair, line.province_chair)
        assert [url in self.urls(person) for person in people] == [False, True, False, False]
        services.room_check(actor=line.cadre, room=room)
        assert [url in self.urls(person) for person in people] == [False, False, True, False]
        services.room_open(actor=line.city_chair, room=room)
        assert [url in self.urls(person) for person in people] == [False] * 4

    def test_where_there_is_no_county_the_city_checks(self, line):
        direct, provincial = make_unit(line.city), line.province
        rooms = [make_room(place, state=RoomState.APPLIED) for place in (direct, line.city, provincial)]
        found = [len(self.urls(person)) for person in (line.city_chair, line.province_chair)]
        assert found == [2, 1]
        assert all(rules.can_check_room(line.province_chair, room) for room in rooms)

    def test_a_closing_that_is_over_waits_for_its_union(self, line):
        today = timezone.localdate()
        for until in (today, today - DAY):
            make_room(
                line.county,
                state=RoomState.CLOSED,
                closed_from=today - 9 * DAY,
                closed_until=until,
                closed_reason="检修",
            )
        assert [len(self.urls(person)) for person in (line.chair, line.city_chair)] == [1, 0]

    def test_whoever_may_change_nothing_has_nothing_to_do(self, line):
        make_room(line.county, state=RoomState.APPLIED)
        assert items_for(make_staff(line.county, role=Role.REVIEWER)) == []
        assert items_for(make_member(organization=line.county)) == []


class TestDoubtsOnThePageOfARoom:
    def page(self, client, actor, room):
        sign_in(client, actor)
        return client.get(room.get_absolute_url())

    def test_a_position_in_another_city_is_named(self, client):
        city = make_organization()
        nangang, harbin = region("230103", "南岗区"), region("230100", "哈尔滨市", 2)
        region("231000", "牡丹江市", 2)
        wrong = make_room(city, region=nangang, point=Point(129.6261, 44.5497, Datum.WGS84))
        right = make_room(city, region=nangang, point=Point(126.6425, 45.7567, Datum.WGS84))
        chair = make_staff(city)
        assert "牡丹江市" in self.page(client, chair, wrong).content.decode()
        assert self.page(client, chair, right).context["lies_in"] is None
        listed = client.get(reverse("nursing_rooms:room-list"), {"lacking": "region"})
        assert [row.record for row in listed.context["table"].rows] == [wrong]
        assert harbin.level == 2

    def test_a_room_that_may_be_the_same_stands_beside_it(self, client):
        city, other = make_organization(), make_organization()
        place = region("230103", "南岗区")
        first = make_room(city, region=place, address="中央大街69号", floor="3层", point=None)
        again = make_room(city, region=place, address="中央大街６９号", floor="（三楼）", point=None)
        hidden = make_room(other, region=place, address="中央大街69号", floor="三层", is_public=False, point=None)
        upstairs = make_room(city, region=place, address="中央大街69号", floor="4层", point=None)
        near = make_room(city, region=place, address="中央大街", floor="4层", point=Point(126.6, 45.7, Datum.WGS84))
        beside = make_room(city, region=place, address="友谊路", floor="四楼", point=Point(126.6003, 45.7, Datum.WGS84))
        chair = make_staff(city)
        same = {room: self.page(client, chair, room).context["same"] for room in (first, again, upstairs, near, beside)}
        assert same == {first: [again], again: [first], upstairs: [], near: [beside], beside: [near]}
        assert self.page(client, make_staff(other), hidden).context["same"] == [first, again]
        keeper = make_manager(first).member
        assert self.page(client, keeper, first).context["same"] == []
