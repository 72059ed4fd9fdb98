"""The day of a class: roll-call, absences and their alerts, adults with the children, closing."""

import io
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from childcare.choices.days import Absence, AttendanceState
from childcare.choices.sites import StaffRole
from childcare.models import Attendance, ClassDay, ClassTerm
from childcare.selectors.days import ratio_of
from childcare.services.days import (
    absence_take_back,
    absence_tell,
    absences_alert,
    attendance_arrive,
    attendance_away,
    attendance_undo,
    day_close,
    day_open,
    day_reopen,
    days_open,
    presence_begin,
    presence_end,
)
from childcare.services.enrolments import enrolment_care, enrolment_contact, enrolment_leave, enrolments_erase
from childcare.services.sites import staff_end
from childcare.services.terms import term_cancel
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.members.models import Consent
from portal.members.services.children import child_remove
from portal.messaging.models import Message
from portal.organizations.models import CalendarDay, LegalParameter
from tests.childcare.test_terms import fresh, refused, told
from tests.factories.childcare import (
    make_attendance,
    make_care_staff,
    make_day,
    make_enrolment_today,
    make_pickup,
    make_running_term,
    teacher_of,
)
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def now_is(monkeypatch, day, hour, minute=0):
    """Let the portal's clock show a time of ``day``."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


class TestTheListOfADay:
    def test_it_holds_each_child_with_a_place_once(self):
        term = make_running_term(children=3, places_total=2)
        day = make_day(term)
        assert sorted(row.enrolment.state for row in day.rows.all()) == ["confirmed", "confirmed"]
        assert make_day(term) == day
        assert day.rows.count() == 2

    def test_the_clock_opens_it_on_working_days_only(self):
        term = make_running_term()
        assert days_open() == 1
        assert days_open() == 0
        assert term.days.get().on == timezone.localdate()
        CalendarDay.objects.all().delete()
        CalendarDay.objects.create(day=timezone.localdate(), kind="holiday", name="示例")
        ClassDay.objects.all().delete()
        assert days_open() == 0
        assert refused(day_open, term=term, on=timezone.localdate()) == "no-class"

    def test_whoever_got_a_place_since_an_absence_was_told_is_on_it(self):
        row = make_attendance()
        enrolment = make_enrolment_today(row, opens=False)
        assert not row.day.rows.filter(enrolment=enrolment).exists()
        assert (days_open(), days_open()) == (1, 0)
        assert row.day.rows.filter(enrolment=enrolment).exists()

    def test_a_day_outside_of_the_term_is_refused(self):
        term = make_running_term()
        assert refused(day_open, term=term, on=term.last_on + timedelta(days=1)) == "no-class"


class TestRollCall:
    def test_a_tap_is_kept_with_its_own_time_and_who_made_it(self):
        row = make_attendance()
        teacher, tapped = teacher_of(row.day), timezone.now() - timedelta(seconds=40)
        here = attendance_arrive(actor=teacher, attendance=row, at=tapped)
        assert (here.state, here.arrived_at, here.arrived_by) == (AttendanceState.HERE, tapped, teacher)

    def test_a_tap_that_arrives_twice_changes_nothing(self):
        row = make_attendance()
        first = attendance_arrive(actor=teacher_of(row.day), attendance=row)
        again = attendance_arrive(actor=make_member(), attendance=row, at=timezone.now())
        assert (again.arrived_at, again.arrived_by) == (first.arrived_at, first.arrived_by)
        assert AuditEntry.objects.filter(about_model="childcare.attendance", to_state="here").count() == 1

    def test_a_tap_made_before_the_correction_does_not_come_back(self):
        row = make_attendance()
        teacher, tapped = teacher_of(row.day), timezone.now()
        attendance_arrive(actor=teacher, attendance=row, at=tapped)
        attendance_undo(actor=teacher, attendance=row)
        assert attendance_arrive(actor=teacher, attendance=row, at=tapped).state == AttendanceState.EXPECTED
        assert attendance_arrive(actor=teacher, attendance=row).state == AttendanceState.HERE

    def test_a_replayed_correction_does_not_undo_what_came_later(self):
        row = make_attendance()
        teacher, tapped = teacher_of(row.day), timezone.now()
        attendance_arrive(actor=teacher, attendance=row)
        assert attendance_undo(actor=teacher, attendance=row, at=tapped).state == AttendanceState.HERE
        assert told("childcare.not_here") == []
        assert attendance_undo(actor=teacher, attendance=row).state == AttendanceState.EXPECTED
        assert told("childcare.not_here") == [row.enrolment.member_id]

    def test_what_a_guardian_takes_back_later_does_not_void_a_real_arrival(self):
        row = make_attendance()
        guardian, tapped = row.enrolment.member, timezone.now()
        away = absence_tell(actor=guardian, enrolment=row.enrolment, on=row.day.on, absence=Absence.ILL)
        absence_take_back(actor=guardian, attendance=away)
        assert attendance_arrive(actor=teacher_of(row.day), attendance=row, at=tapped).state == AttendanceState.HERE

    def test_a_child_that_is_here_does_not_become_absent(self):
        row = make_attendance(here=True)
        assert refused(attendance_away, actor=teacher_of(row.day), attendance=row, absence=Absence.ILL) == "here"

    def test_an_absence_told_in_the_morning_is_replaced_when_the_child_comes(self):
        row = make_attendance()
        guardian = row.enrolment.member
        absence_tell(actor=guardian, enrolment=row.enrolment, on=row.day.on, absence=Absence.ILL)
        here = attendance_arrive(actor=teacher_of(row.day), attendance=row)
        assert (here.state, here.absence) == (AttendanceState.HERE, "")
        states = AuditEntry.objects.filter(about_model="childcare.attendance").order_by("pk")
        assert list(states.values_list("to_state", flat=True)) == ["away", "here"]
        assert told("childcare.child_arrived") == [guardian.pk]

    def test_a_wrong_absence_is_taken_back(self):
        row = make_attendance()
        teacher = teacher_of(row.day)
        attendance_away(actor=teacher, attendance=row, absence=Absence.OTHER)
        assert attendance_undo(actor=teacher, attendance=row).state == AttendanceState.EXPECTED

    def test_yesterday_is_not_changed(self):
        row = make_attendance()
        ClassDay.objects.update(on=row.day.on - timedelta(days=1))
        row = Attendance.objects.get()
        assert refused(attendance_arrive, actor=teacher_of(row.day), attendance=row) == "other-day"

    def test_a_child_in_the_house_does_not_vanish_from_the_list(self):
        row = make_attendance(here=True)
        guardian, term = row.enrolment.member, row.day.term
        assert refused(enrolment_leave, actor=guardian, enrolment=row.enrolment) == "here"
        assert refused(child_remove, actor=guardian, child=row.enrolment.child) == "here"
        assert refused(term_cancel, actor=make_staff(term.site.organization), term=term, reason="示例") == "here"
        assert refused(enrolments_erase, member=guardian, actor=guardian) == "here"
        assert row.day.rows.current().here().exists()

    def test_a_child_that_was_withdrawn_is_off_the_list(self):
        row = make_attendance()
        enrolment_leave(actor=row.enrolment.member, enrolment=row.enrolment)
        assert not row.day.rows.current().exists()
        assert refused(attendance_arrive, actor=teacher_of(row.day), attendance=row) == "no-place"


class TestWhatGuardiansTell:
    def test_a_day_to_come_and_back(self):
        row = make_attendance()
        later = next(
            day for day in (row.day.on + timedelta(days=number) for number in range(1, 8)) if day.weekday() < 5
        )
        told_row = absence_tell(actor=row.enrolment.member, enrolment=row.enrolment, on=later, absence=Absence.TRAVEL)
        assert (told_row.day.on, told_row.state) == (later, AttendanceState.AWAY)
        assert absence_take_back(actor=row.enrolment.member, attendance=told_row).state == AttendanceState.EXPECTED

    def test_not_once_the_child_is_there(self):
        row = make_attendance(here=True)
        about = {"enrolment": row.enrolment, "on": row.day.on, "absence": Absence.ILL}
        assert refused(absence_tell, actor=row.enrolment.member, **about) == "here"

    def test_what_a_teacher_entered_is_not_taken_back_by_the_guardian(self):
        row = make_attendance()
        away = attendance_away(actor=teacher_of(row.day), attendance=row, absence=Absence.OTHER)
        assert absence_take_back(actor=row.enrolment.member, attendance=away).state == AttendanceState.AWAY


class TestTheAlert:
    def test_it_goes_from_the_guardian_up_the_chain_and_silence_never_ends_it(self, monkeypatch):
        city = make_organization(name="示例市总工会")
        province_chair = make_staff(city.parent or city, name="示例上级")
        chair = make_staff(city, name="示例主席")
        row = make_attendance(make_day(make_running_term(city)))
        guardian, teacher, day = row.enrolment.member, teacher_of(row.day), row.day.on
        now_is(monkeypatch, day, 8, 29)
        assert absences_alert() == 0
        now_is(monkeypatch, day, 8, 30)
        assert (absences_alert(), absences_alert()) == (1, 0)
        assert told("childcare.child_absent") == [guardian.pk]
        assert told("childcare.absence_unexplained") == [teacher.pk]
        now_is(monkeypatch, day, 9, 0)
        assert absences_alert() == 1
        assert chair.pk in told("childcare.absence_unexplained")
        assert province_chair.pk not in told("childcare.absence_unexplained") or province_chair.organization == city
        now_is(monkeypatch, day, 9, 30)
        assert absences_alert() == 1
        now_is(monkeypatch, day, 12, 0)
        assert absences_alert() == 0
        assert Attendance.objects.get().alert_level == 3

    def test_no_message_names_the_child(self, monkeypatch):
        row = make_attendance()
        now_is(monkeypatch, row.day.on, 10)
        absences_alert()
        assert not [one for one in Message.objects.all() if row.enrolment.child.name in str(one.context)]

    def test_an_explained_absence_raises_none(self, monkeypatch):
        row = make_attendance()
        absence_tell(actor=row.enrolment.member, enrolment=row.enrolment, on=row.day.on, absence=Absence.ILL)
        now_is(monkeypatch, row.day.on, 10)
        assert absences_alert() == 0

    def test_the_guardian_gets_the_all_clear(self, monkeypatch):
        row = make_attendance()
        now_is(monkeypatch, row.day.on, 8, 40)
        absences_alert()
        attendance_arrive(actor=teacher_of(row.day), attendance=row)
        assert told("childcare.child_arrived") == [row.enrolment.member_id]
        assert Attendance.objects.get().alert_level == 0

    def test_each_level_waits_its_time_after_an_entry_was_taken_back(self, monkeypatch):
        row = make_attendance()
        teacher, day = teacher_of(row.day), row.day.on
        now_is(monkeypatch, day, 8, 5)
        attendance_arrive(actor=teacher, attendance=row)
        now_is(monkeypatch, day, 11, 0)
        attendance_undo(actor=teacher, attendance=row)
        assert absences_alert() == 0
        now_is(monkeypatch, day, 11, 30)
        assert (absences_alert(), absences_alert()) == (1, 0)
        now_is(monkeypatch, day, 15, 0)
        assert (absences_alert(), absences_alert()) == (1, 0)

    def test_the_union_that_was_alerted_hears_that_it_is_explained(self, monkeypatch):
        city = make_organization(name="示例市总工会")
        chair = make_staff(city)
        row = make_attendance(make_day(make_running_term(city)))
        for hour, minute in ((8, 30), (9, 0)):
            now_is(monkeypatch, row.day.on, hour, minute)
            absences_alert()
        attendance_away(actor=teacher_of(row.day), attendance=row, absence=Absence.OTHER)
        assert chair.pk in told("childcare.absence_explained")
        assert told("childcare.entered_absent") == [row.enrolment.member_id]

    def test_without_a_legal_number_alerts_go_on(self, monkeypatch):
        row = make_attendance()
        LegalParameter.objects.all().delete()
        now_is(monkeypatch, row.day.on, 8, 30)
        assert absences_alert() == 1
        assert ratio_of(row.day).most == 12


class TestAdultsWithTheChildren:
    def test_nobody_counts_in_two_classes_and_ended_work_counts_in_none(self):
        one = make_day()
        two = make_day(make_running_term(site=one.term.site))
        staff = one.term.site.staff.get()
        for day in (one, two):
            presence_begin(actor=staff.member, day=day, staff=staff)
        assert (ratio_of(one).adults, ratio_of(two).adults) == (0, 1)
        staff_end(actor=make_staff(one.term.site.organization), staff=staff)
        assert ratio_of(two).adults == 0

    def test_too_few_adults_are_told_on_an_arrival(self):
        row = make_attendance(here=True)
        assert teacher_of(row.day).pk in told("childcare.too_few_adults")

    def test_those_who_are_there_now_count(self):
        term = make_running_term(children=13)
        day, teacher = make_day(term), make_staff(term.site.organization)
        one, two = term.site.staff.get(), make_care_staff(term.site, role=StaffRole.STUDENT)
        for staff in (one, two):
            presence_begin(actor=teacher, day=day, staff=staff)
        for row in day.rows.all():
            attendance_arrive(actor=teacher, attendance=row)
        assert (ratio_of(day).adults, ratio_of(day).is_over) == (2, False)
        presence_begin(actor=teacher, day=day, staff=two, counts=False)
        assert (ratio_of(day).adults, ratio_of(day).is_over) == (1, True)
        assert one.member_id in told("childcare.too_few_adults")
        presence_begin(actor=teacher, day=day, staff=two)
        presence_end(actor=teacher, day=day, staff=two)
        assert len(told("childcare.too_few_adults")) == len(set(told("childcare.too_few_adults")))
        assert two.presences.count() == 3

    def test_who_is_under_18_is_no_adult(self):
        day = make_day()
        today = timezone.localdate()
        for born in (today.replace(year=today.year - 17, day=1), today.replace(year=today.year - 19, day=1)):
            member = make_member(day.term.site.organization, birth_date=born)
            staff = make_care_staff(day.term.site, member, StaffRole.STUDENT)
            presence_begin(actor=member, day=day, staff=staff)
        assert ratio_of(day).adults == 1

    def test_staff_of_another_site_and_unconfirmed_ones_are_refused(self):
        day, other = make_day(), make_day()
        stranger = other.term.site.staff.get()
        assert refused(presence_begin, actor=stranger.member, day=day, staff=stranger) == "not-here"
        proposed = make_care_staff(day.term.site, confirmed_by=None)
        assert refused(presence_begin, actor=stranger.member, day=day, staff=proposed) == "not-here"


class TestClosing:
    def test_nobody_stays_in_the_house(self):
        row = make_attendance(here=True)
        assert refused(day_close, actor=teacher_of(row.day), day=row.day) == "here"

    def test_what_was_left_open_is_marked_and_nothing_changes_afterwards(self):
        row = make_attendance()
        teacher = teacher_of(row.day)
        closed = day_close(actor=teacher, day=row.day)
        assert (closed.left_open, closed.closed_by) == (1, teacher)
        assert refused(attendance_arrive, actor=teacher, attendance=Attendance.objects.get()) == "closed"
        assert refused(day_close, actor=teacher, day=closed) == "closed"
        guardian = {"actor": row.enrolment.member, "enrolment": row.enrolment, "on": row.day.on}
        assert refused(absence_tell, **guardian, absence=Absence.ILL) == "closed"

    def test_it_ends_no_alert_and_is_taken_back_on_the_same_day(self, monkeypatch):
        row = make_attendance()
        teacher = teacher_of(row.day)
        closed = day_close(actor=teacher, day=row.day)
        now_is(monkeypatch, row.day.on, 8, 30)
        assert absences_alert() == 1
        assert day_reopen(actor=teacher, day=closed).closed_at is None
        assert attendance_arrive(actor=teacher, attendance=Attendance.objects.get()).state == AttendanceState.HERE
        ClassDay.objects.update(on=row.day.on - timedelta(days=1), closed_at=timezone.now(), closed_by=teacher)
        assert refused(day_reopen, actor=teacher, day=ClassDay.objects.get()) == "no-such-step"


class TestWhatTeachersMustKnow:
    KNOWN = {"allergies": "花生", "medicines": "", "notes": "请多安抚"}

    def enrolled(self):
        row = make_attendance(here=True)
        enrolment_care(actor=row.enrolment.member, enrolment=row.enrolment, **self.KNOWN)
        return Attendance.objects.get(pk=row.pk)

    def test_class_teachers_read_all_life_teachers_not_the_note_and_each_look_is_recorded(self, client):
        row = self.enrolled()
        life = make_care_staff(row.day.term.site, role=StaffRole.LIFE_TEACHER).member
        for member, sees in ((teacher_of(row.day), True), (life, False)):
            page = sign_in(client, member).get(row.get_absolute_url()).content.decode()
            assert ("花生" in page, "请多安抚" in page) == (True, sees)
            # This guardian has no number.
            assert "None" not in page
        assert AuditEntry.objects.filter(action="attendance.read").count() == 2

    def test_volunteers_and_the_union_read_nothing(self, client):
        row = self.enrolled()
        volunteer = make_care_staff(row.day.term.site, role=StaffRole.STUDENT).member
        for member in (volunteer, make_staff(row.day.term.site.organization)):
            assert sign_in(client, member).get(row.get_absolute_url()).status_code == 404
            assert sign_in(client, member).get(row.day.get_absolute_url()).status_code == 404

    def test_the_list_shows_a_mark_but_not_what_it_is(self, client):
        row = self.enrolled()
        page = sign_in(client, teacher_of(row.day)).get(row.day.get_absolute_url()).content.decode()
        assert "花生" not in page
        assert "过敏" in page

    def test_it_needs_a_place_and_a_consent_and_ends_with_it(self):
        row = self.enrolled()
        consent = Consent.objects.standing().get(purpose="childcare.care")
        assert consent.about_id == row.enrolment.child_id
        attendance_undo(actor=teacher_of(row.day), attendance=row)
        enrolment_leave(actor=row.enrolment.member, enrolment=row.enrolment)
        row.enrolment.refresh_from_db()
        assert (row.enrolment.allergies, row.enrolment.notes) == (None, None)
        assert not Consent.objects.standing().filter(purpose="childcare.care").exists()
        about = {"actor": row.enrolment.member, "enrolment": row.enrolment, **self.KNOWN}
        assert refused(enrolment_care, **about) == "no-place"

    def test_the_second_contact_can_be_corrected_and_is_another_number(self):
        row = make_attendance()
        about = {"actor": row.enrolment.member, "enrolment": row.enrolment, "contact_name": "示例姑姑"}
        changed = enrolment_contact(**about, contact_phone="12090000012")
        assert changed.contact_phone == "12090000012"
        assert refused(enrolment_contact, **about, contact_phone="") == "contact"

    def test_empty_answers_take_it_back(self):
        row = self.enrolled()
        empty = dict.fromkeys(self.KNOWN, "")
        enrolment_care(actor=row.enrolment.member, enrolment=row.enrolment, **empty)
        row.enrolment.refresh_from_db()
        assert not row.enrolment.has_alert
        assert not Consent.objects.standing().filter(purpose="childcare.care").exists()


class TestThePages:
    def test_a_tap_of_the_script_and_one_without_it(self, client):
        row = make_attendance()
        sign_in(client, teacher_of(row.day))
        url = reverse("childcare:attendance-mark", args=[row.pk])
        answer = client.post(url, {"to": "here", "age": 90_000}, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()) == (200, {})
        late = timezone.now() - Attendance.objects.get(state=AttendanceState.HERE).arrived_at
        assert timedelta(seconds=90) <= late < timedelta(seconds=120)
        assert client.post(url, {"to": "expected"}).url == row.day.get_absolute_url()
        assert Attendance.objects.get().state == AttendanceState.EXPECTED
        day_close(actor=teacher_of(row.day), day=row.day)
        answer = client.post(url, {"to": "here"}, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()) == (422, {"message": "这一天已结束。"})

    def test_a_teacher_whose_check_is_over_sees_no_list(self, client):
        row = make_attendance()
        staff = row.day.term.site.staff.get()
        sign_in(client, staff.member)
        assert client.get(row.day.get_absolute_url()).status_code == 200
        type(staff).objects.update(check_until=timezone.localdate() - timedelta(days=1))
        assert client.get(row.day.get_absolute_url()).status_code == 404

    def test_pages_of_an_earlier_day_ask_for_a_fresh_code(self, client):
        row = make_attendance()
        teacher = teacher_of(row.day)
        ClassDay.objects.update(on=row.day.on - timedelta(days=1))
        urls = [row.day.get_absolute_url(), row.get_absolute_url()]
        assert [sign_in(client, teacher).get(url).status_code for url in urls] == [302, 302]
        assert [fresh(client, teacher).get(url).status_code for url in urls] == [200, 200]

    def test_the_guardian_sees_the_own_child_alone(self, client):
        term = make_running_term(children=2)
        day = make_day(term)
        mine, other = day.rows.order_by("pk")
        attendance_arrive(actor=teacher_of(day), attendance=mine)
        page = sign_in(client, mine.enrolment.member).get(term.get_member_url()).content.decode()
        assert "在班" in page
        assert other.enrolment.child.name not in page

    def test_a_class_teacher_opens_today(self, client):
        term = make_running_term()
        assert ClassTerm.objects.taught_by(term.site.staff.get().member).exists()
        sign_in(client, term.site.staff.get().member)
        answer = client.post(reverse("childcare:class-today", args=[term.pk]))
        assert answer.url == term.days.get().get_absolute_url()


def test_a_pick_up_person_is_listed_by_the_guardian_alone():
    row = make_attendance()
    with pytest.raises(DomainError) as refusal:
        make_pickup(type("Enrolled", (), {"member": make_member(), "child": row.enrolment.child}))
    assert refusal.value.code == "not-guardian"


def test_the_attendance_list_holds_each_child_and_day_and_its_download_is_recorded(client):
    day = make_day(make_running_term(children=2))
    here, away = day.rows.order_by("enrolment__place")
    attendance_arrive(actor=teacher_of(day), attendance=here)
    attendance_away(actor=teacher_of(day), attendance=away, absence=Absence.ILL)
    url = reverse("childcare:class-attendance", args=[day.term.pk])
    answer = fresh(client, teacher_of(day)).post(url)
    book = load_workbook(io.BytesIO(answer.content))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    lines = [["" if cell is None else str(cell) for cell in row] for row in rows]
    found = {line[0]: line[1:3] for line in lines}
    assert found[away.enrolment.child.name] == ["生病", "0"]
    hours, days = found[here.enrolment.child.name]
    assert (hours.endswith("–"), days) == (True, "1")
    assert AuditEntry.objects.filter(action="term.attendance").count() == 1
    assert fresh(client, make_staff(day.term.site.organization)).post(url).status_code == 404
