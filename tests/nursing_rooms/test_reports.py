"""Reports from the door: who gets them, until when, and what the manager never learns."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nursing_rooms import rules
from nursing_rooms.choices.reports import BYPASSING, ReportState, Trouble
from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.clocks import reports_waiting
from nursing_rooms.models import NursingRoom, RoomReport
from nursing_rooms.services.reports import REPORT, URGENT, report_clear, report_fix, report_tap
from nursing_rooms.services.rooms import room_retire
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.deadlines.choices import DeadlineState
from portal.deadlines.models import Deadline
from portal.deadlines.services import deadlines_keep_time
from portal.members.models import Duty
from portal.members.selectors import waiting_by_duty
from portal.messaging.models import Message
from portal.messaging.selectors import own_items
from portal.web.todo import Todo
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.nursing_rooms import make_manager, make_report, make_room
from tests.factories.rights import make_line, make_rights_law

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def law():
    make_rights_law()


@pytest.fixture
def line():
    return make_line()


@pytest.fixture
def room(line):
    return make_room(line.county)


@pytest.fixture
def manager(room):
    return make_manager(room).member


@pytest.fixture
def set_day(monkeypatch):
    """Return a function that makes a day today, at noon."""

    def of(day):
        noon = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=12)
        monkeypatch.setattr(timezone, "now", lambda: noon)

    return of


def told(kind="nursing_rooms.report_arrived"):
    rows = Message.objects.filter(kind=kind, channel="in_app").order_by("pk")
    return [row.recipient for row in rows]


class TestTheWayToThoseWhoAct:
    def test_the_manager_gets_it_with_a_deadline_and_closes_it(self, client, room, manager):
        report = make_report(room, Trouble.BROKEN, note="灯不亮")
        assert told() == [manager]
        assert Message.objects.filter(channel="sms", recipient=manager).count() == 1
        assert (report.organization, report.bypasses) == (room.organization, False)
        deadline = Deadline.objects.get(code=REPORT, about_id=report.pk)
        assert deadline.due_on == report.due_on > timezone.localdate()
        assert list(NursingRoom.objects.all().troubled()) == [room]
        sign_in(client, manager)
        mine = client.get(reverse("nursing_rooms:room-mine")).content.decode()
        assert report.get_absolute_url() in mine
        page = client.get(report.get_absolute_url())
        assert page.status_code == 200
        assert "灯不亮" in page.content.decode()
        answer = client.post(reverse("nursing_rooms:report-fix", args=[report.pk]), {"answer": "换了灯管"})
        assert answer.status_code == 302
        report.refresh_from_db()
        deadline.refresh_from_db()
        assert (report.state, report.answer, report.settled_by) == (ReportState.FIXED, "换了灯管", manager)
        assert deadline.state == DeadlineState.MET
        assert not NursingRoom.objects.all().troubled().exists()
        assert client.get(reverse("nursing_rooms:report-fix", args=[report.pk])).status_code == 403

    def test_without_a_manager_the_staff_of_the_union_get_it(self, room, line):
        make_manager(room, valid_from=timezone.localdate() - 9 * DAY, valid_until=timezone.localdate())
        report = make_report(room)
        assert set(told()[:2]) == {line.chair, line.cadre}
        assert reports_waiting(line.chair, bypasses=False).get() == report

    def test_with_a_manager_it_waits_for_the_manager_alone(self, room, line, manager):
        report = make_report(room)
        assert reports_waiting(manager, bypasses=False).get() == report
        assert not reports_waiting(line.chair, bypasses=False).exists()

    def test_where_nobody_works_the_level_above_gets_it(self, room, line):
        Duty.objects.filter(organization=line.county).update(valid_until=timezone.localdate())
        make_report(room)
        assert told()[0] == line.city_chair

    def test_a_dirty_room_that_was_fixed_is_clean(self, room, manager):
        report_fix(actor=manager, report=make_report(room, Trouble.DIRTY), answer="已打扫")
        room.refresh_from_db()
        assert room.cleaned_at is not None
        report_fix(actor=manager, report=make_report(room, Trouble.LOCKED), answer="已开门")
        assert room.verified_at is not None

    def test_another_member_neither_sees_nor_settles_it(self, client, room, line):
        report = make_report(room)
        for person in (make_member(organization=line.county), make_manager(make_room(line.county)).member):
            sign_in(client, person)
            for name in ("detail", "fix", "clear"):
                address = reverse(f"nursing_rooms:report-{name}", args=[report.pk])
                assert client.get(address).status_code == 404
            assert client.get(reverse("nursing_rooms:report-list")).status_code == 404


class TestMerging:
    def test_thirty_taps_are_one_report_and_one_message(self, room, manager):
        for number in range(30):
            report = make_report(room, Trouble.LOCKED, note=f"第{number}次" if number < 2 else "")
        assert (RoomReport.objects.get(), report.taps, len(told())) == (report, 30, 1)
        assert report.note == "第1次 · 第0次"
        assert AuditEntry.objects.filter(action="report.tap").count() == 1

    def test_another_kind_is_another_report(self, room, manager):
        assert make_report(room, Trouble.LOCKED) != make_report(room, Trouble.DIRTY)

    def test_after_it_was_fixed_a_new_one_begins(self, room, manager):
        first = make_report(room)
        report_fix(actor=manager, report=first, answer="已打扫")
        assert make_report(room) != first

    def test_numbers_are_taken_out_of_the_note(self, room):
        report = make_report(room, note="联系13812345678，身份证230102199001011234")
        assert report.note == "联系(number),身份证(number)"

    def test_a_closed_room_takes_reports_and_a_withdrawn_one_does_not(self, line):
        assert make_report(make_room(line.county, state=RoomState.CLOSED)).pk
        for state in (RoomState.APPLIED, RoomState.CHECKED, RoomState.RETIRED):
            with pytest.raises(DomainError) as refused:
                make_report(make_room(line.county, state=state))
            assert refused.value.code == "no-room"
        assert RoomReport.objects.count() == 1


class TestNoFaultFound:
    def test_the_same_trouble_opens_it_again_and_the_answer_is_not_taken_twice(self, client, room, manager, line):
        report = make_report(room, Trouble.BROKEN)
        report_clear(actor=manager, report=report, answer="检查过，没有问题")
        assert report.state == ReportState.NO_FAULT
        before = len(told())
        again = make_report(room, Trouble.BROKEN)
        assert (again, again.state, again.taps, again.settled_by) == (report, ReportState.OPEN, 2, None)
        assert Deadline.objects.open().filter(about_id=again.pk).count() == 1
        # The level above is told as well, and may look at the room.
        assert set(told()[before:]) == {manager, line.city_chair, line.province_chair}
        assert reports_waiting(line.city_chair, bypasses=False).get() == again
        sign_in(client, manager)
        sent = client.post(reverse("nursing_rooms:report-clear", args=[again.pk]), {"answer": "还是没有问题"})
        assert sent.status_code == 422
        with pytest.raises(DomainError) as refused:
            report_clear(actor=manager, report=again, answer="还是没有问题")
        assert refused.value.code == "cleared-before"
        again.refresh_from_db()
        assert again.state == ReportState.OPEN
        report_fix(actor=manager, report=again, answer="换了线路")

    @pytest.mark.parametrize("service", [report_fix, report_clear])
    def test_a_settled_report_is_not_settled_again(self, room, manager, service):
        report = make_report(room)
        report_fix(actor=manager, report=report, answer="已打扫")
        with pytest.raises(DomainError):
            service(actor=manager, report=report, answer="再来一次")


class TestBypassing:
    @pytest.mark.parametrize("trouble", BYPASSING)
    def test_it_goes_to_the_level_above(self, room, line, manager, trouble):
        report = make_report(room, trouble)
        assert (report.organization, report.bypasses) == (line.city, True)
        assert set(told()) == {line.city_chair, line.province_chair}
        assert report.due_on <= timezone.localdate() + DAY
        assert Deadline.objects.get().code == URGENT
        assert reports_waiting(line.city_chair, bypasses=True).get() == report

    def test_the_manager_learns_of_it_on_no_page(self, client, room, line, manager):
        other = make_report(room, Trouble.DIRTY)
        report = make_report(room, Trouble.DISTURBED, note="拉帘子被掀开")
        sign_in(client, manager)
        assert list(RoomReport.objects.visible_to(manager)) == [other]
        for name in ("detail", "fix", "clear"):
            assert client.get(reverse(f"nursing_rooms:report-{name}", args=[report.pk])).status_code == 404
        for address in (
            reverse("nursing_rooms:room-mine"),
            room.get_absolute_url(),
            reverse("messaging:inbox"),
            reverse("home"),
        ):
            text = client.get(address).content.decode()
            assert report.get_absolute_url() not in text
            assert "掀开" not in text
        assert Message.objects.filter(recipient=manager, about_id=report.pk).count() == 0
        assert not reports_waiting(manager, bypasses=True).exists()
        # The staff of the union that runs the room do not see it either.
        assert list(RoomReport.objects.visible_to(line.chair)) == [other]

    def test_a_manager_who_is_staff_above_does_not_see_it(self, client, room, line):
        make_manager(room, line.city_chair)
        report = make_report(room, Trouble.STAFF)
        assert line.city_chair not in told()
        assert line.province_chair in told()
        assert not RoomReport.objects.visible_to(line.city_chair).exists()
        assert not reports_waiting(line.city_chair, bypasses=True).exists()
        assert reports_waiting(line.province_chair, bypasses=True).get() == report
        sign_in(client, line.city_chair)
        assert client.get(report.get_absolute_url()).status_code == 404
        listed = client.get(reverse("nursing_rooms:report-list")).context["table"].rows
        assert report not in [row.record for row in listed]
        board = client.get(reverse("deadlines:deadline-list"))
        assert room.name not in board.content.decode()
        sign_in(client, line.province_chair)
        assert client.get(report.get_absolute_url()).status_code == 200

    def test_overdue_it_is_passed_up_and_still_not_told_to_the_manager(self, room, line, set_day):
        make_duty(make_member(organization=line.county), line.county)
        make_manager(room, line.province_chair)
        report = make_report(room, Trouble.UNSAFE)
        set_day(report.due_on + 30 * DAY)
        deadlines_keep_time()
        deadline = Deadline.objects.get(about_id=report.pk)
        assert (deadline.state, deadline.passed_to) == (DeadlineState.LATE, line.province)
        assert line.province_chair not in told("deadlines.passed")

    def test_it_is_settled_above(self, client, room, line, manager):
        report = make_report(room, Trouble.MISUSED)
        sign_in(client, line.city_chair)
        answer = client.post(reverse("nursing_rooms:report-fix", args=[report.pk]), {"answer": "已清空杂物"})
        assert answer.status_code == 302
        report.refresh_from_db()
        assert report.state == ReportState.FIXED

    def test_in_the_province_it_has_nowhere_to_go(self, line):
        report = make_report(make_room(line.province), Trouble.UNSAFE)
        assert report.organization == line.province


class TestDeadlines:
    def test_one_working_day_for_trouble_and_a_day_for_safety(self, room, set_day):
        set_day(date(2026, 11, 27))  # a Friday
        assert make_report(room, Trouble.BROKEN).due_on.isoformat() == "2026-11-30"
        assert make_report(room, Trouble.UNSAFE).due_on.isoformat() == "2026-11-28"

    def test_unanswered_it_climbs(self, room, line, manager, set_day):
        report = make_report(room)
        set_day(report.due_on + 30 * DAY)
        deadlines_keep_time()
        assert Deadline.objects.get().passed_to == line.city
        assert set(told("deadlines.passed")) == {line.city_chair, line.province_chair}

    def test_it_is_a_todo_item_with_its_source(self, client, room, line):
        report = make_report(room)
        sign_in(client, line.chair)
        items = [item for item in client.get(reverse("home")).context["todo"] if isinstance(item, Todo)]
        assert report.get_absolute_url() in [item.url for item in items]

    def test_a_report_whose_deadline_was_lost_gets_it_back(self, room):
        report = make_report(room)
        Deadline.objects.all().delete()
        assert deadlines_keep_time() >= 1
        assert Deadline.objects.get().due_on == report.due_on

    def test_the_deadline_ends_with_the_room(self, room, line):
        make_report(room)
        room_retire(actor=line.chair, room=room, reason="搬迁")
        assert Deadline.objects.get().state == DeadlineState.ENDED


def test_the_list_of_reports_filters_by_day(client, room, line):
    make_report(room)
    sign_in(client, line.chair)
    address = reverse("nursing_rooms:report-list")
    assert len(client.get(address).context["table"].rows) == 1
    assert len(client.get(address, {"late": "over"}).context["table"].rows) == 0
    assert len(client.get(address, {"state": "fixed"}).context["table"].rows) == 0


def test_no_column_of_a_report_leads_to_a_visitor():
    """There is no account but that of whoever settled it, no address, no moment: a day alone."""
    assert {field.name for field in RoomReport._meta.concrete_fields} == {
        "id", "room", "organization", "trouble", "bypasses", "taps", "note", "state", "first_on", "last_on", "due_on",
        "answer", "settled_by", "settled_at", "cleared",
    }  # fmt: skip


def test_staff_elsewhere_settle_nothing(client, room):
    report = make_report(room)
    sign_in(client, make_staff())
    assert client.post(reverse("nursing_rooms:report-fix", args=[report.pk]), {"answer": "x"}).status_code == 404
    report.refresh_from_db()
    assert report.state == ReportState.OPEN


def test_a_tap_is_no_act_of_the_member_who_is_signed_in(room):
    report = report_tap(room=room, trouble=Trouble.DIRTY)
    assert AuditEntry.objects.all().about(report).get().actor_id is None


def test_who_leaves_the_room_does_not_settle_what_was_said_about_them(line):
    """The chair looks after a room; the report about the staff goes past the chair, also once the chair has left."""
    room = make_room(line.county)
    keeper = make_manager(room, line.city_chair, valid_from=timezone.localdate() - 9 * DAY)
    report = make_report(room, Trouble.STAFF)
    seen = RoomReport.objects.filter(pk=report.pk)
    # A colleague above who ends a duty is shown no such report: it may be about them.
    assert waiting_by_duty(Duty.objects.get(member=line.province_chair)) == []
    assert [item.confidential for item in own_items(line.province_chair) if "reports" in item.url] == [True]
    for until in (None, timezone.localdate()):
        keeper.valid_until = until
        keeper.save()
        assert not RoomReport.objects.visible_to(line.city_chair).filter(pk=report.pk).exists()
        assert not rules.can_settle_report(line.city_chair, report)
        assert not reports_waiting(line.city_chair, bypasses=True).exists()
    keeper.valid_until = timezone.localdate() - DAY
    keeper.save()
    assert RoomReport.objects.visible_to(line.city_chair).get(pk=report.pk) == seen.get()
    assert rules.can_settle_report(line.city_chair, report)
