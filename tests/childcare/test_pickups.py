"""Collecting children: who may, the codes of a day, bars, and what is recorded of each attempt."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from childcare.choices.days import AttendanceState, PickUpOutcome
from childcare.choices.sites import StaffRole
from childcare.models import Attendance, PickUpAttempt, PickUpBar, PickUpCode, PickUpPerson
from childcare.selectors.pickups import Adult, adults_of, is_barred
from childcare.services.days import attendance_arrive
from childcare.services.enrolments import enrolment_care
from childcare.services.pickups import bar_add, bar_end, code_make, hand_over, pickup_add, pickup_remove
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.members.services.children import child_remove
from portal.messaging.models import Message
from tests.childcare.test_terms import fresh, refused, told
from tests.factories.childcare import (
    make_attendance,
    make_care_staff,
    make_enrolment_today,
    make_pickup,
    teacher_of,
)
from tests.factories.members import make_child, make_member, make_staff, sign_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
GRANDMOTHER = {"relation": "奶奶", "born_on": date(1960, 1, 1)}


def outcome(row, actor=None, **arguments):
    actor, arguments = actor or teacher_of(row.day), {"is_person": True, **arguments}
    found = hand_over(actor=actor, attendance=Attendance.objects.get(pk=row.pk), **arguments)
    assert PickUpAttempt.objects.filter(pk=found.pk).exists()
    return found.outcome


def listed(row, number=-1):
    """Return one of the adults of the child: by default the last on the list."""
    return adults_of(row.enrolment.child, row.day.on)[number]


def code_for(row, person=None, children=None, **arguments):
    about = {"enrolment": row.enrolment, "person": person, "children": children or [row.enrolment.child]}
    return code_make(actor=row.enrolment.member, **{**about, **arguments})


def is_here(row):
    return Attendance.objects.get(pk=row.pk).state == AttendanceState.HERE


@pytest.fixture
def row(db):
    return make_attendance(here=True)


@pytest.fixture
def other(row):
    """A child of another family in the same class."""
    enrolment = make_enrolment_today(row)
    return attendance_arrive(actor=teacher_of(row.day), attendance=row.day.rows.get(enrolment=enrolment))


class TestTheMatrix:
    """Listed, unlisted, barred, codes of all kinds: only the right ones pass, and each attempt is recorded."""

    def test_the_guardian_and_a_listed_adult_pass_with_the_identity_card(self, row):
        make_pickup(row.enrolment)
        assert outcome(row, adult=listed(row, 0)) == PickUpOutcome.RELEASED
        attendance_arrive(actor=teacher_of(row.day), attendance=Attendance.objects.get())
        assert outcome(row, adult=listed(row)) == PickUpOutcome.RELEASED
        names = [attempt.adult for attempt in PickUpAttempt.objects.order_by("pk")]
        assert names == [row.enrolment.member.name, "示例奶奶"]

    def test_a_code_passes_once(self, row):
        person = make_pickup(row.enrolment)
        code = code_for(row, person)
        assert outcome(row, code=code.code) == PickUpOutcome.RELEASED
        attendance_arrive(actor=teacher_of(row.day), attendance=Attendance.objects.get())
        assert outcome(row, code=code.code) == PickUpOutcome.USED
        assert is_here(row)

    def test_it_is_read_as_people_type_it(self, row):
        code = code_for(row).code
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        assert outcome(row, code=f" {wide[:3]} - {wide[3:]} ") == PickUpOutcome.RELEASED

    def test_somebody_unlisted_does_not(self, row):
        assert outcome(row, who="示例陌生人") == PickUpOutcome.UNLISTED
        assert (PickUpAttempt.objects.get().adult, is_here(row)) == ("示例陌生人", True)
        assert told("childcare.not_given") == [row.enrolment.member_id]

    def test_a_barred_person_does_not_with_a_code_or_as_guardian(self, row):
        person = make_pickup(row.enrolment)
        code = code_for(row, person)
        bar_add(actor=teacher_of(row.day), child=row.enrolment.child, name=person.name, document="示例民初1号")
        assert not PickUpPerson.objects.exists()
        assert outcome(row, code=code.code) == PickUpOutcome.WRONG_CODE
        guardian = row.enrolment.member
        mine = code_for(row)
        bar_add(actor=teacher_of(row.day), child=row.enrolment.child, name=guardian.name, document="示例民初2号")
        assert outcome(row, code=mine.code) == PickUpOutcome.BARRED
        assert outcome(row, adult=Adult.guardian(guardian)) == PickUpOutcome.BARRED
        assert is_here(row)

    def test_a_code_of_another_day_does_not(self, row):
        code = code_for(row)
        PickUpCode.objects.update(on=TODAY() - timedelta(days=1))
        assert outcome(row, code=code.code) == PickUpOutcome.OTHER_DAY

    def test_an_older_code_of_the_same_adult_does_not(self, row):
        older, newer = code_for(row), code_for(row)
        assert older.code != newer.code
        assert outcome(row, code=older.code) == PickUpOutcome.REPLACED
        assert outcome(row, code=newer.code) == PickUpOutcome.RELEASED

    def test_the_code_of_another_child_or_parent_does_not(self, row, other):
        assert outcome(row, code=code_for(other).code) == PickUpOutcome.OTHER_CHILD
        assert outcome(row, adult=Adult.guardian(other.enrolment.member)) == PickUpOutcome.UNLISTED
        assert is_here(row)
        assert PickUpAttempt.objects.count() == 2

    def test_an_adult_taken_off_the_list_does_not(self, row):
        person = make_pickup(row.enrolment)
        adult = listed(row)
        pickup_remove(actor=row.enrolment.member, pickup=person)
        assert outcome(row, adult=adult) == PickUpOutcome.UNLISTED

    def test_an_adult_outside_of_the_days_does_not(self, row):
        person = make_pickup(row.enrolment, valid_from=TODAY() + timedelta(days=1))
        assert refused(code_for, row=row, person=person) == "unlisted"
        assert outcome(row, adult=Adult.listed(person)) == PickUpOutcome.UNLISTED

    def test_an_adult_for_today_collects_once(self, row):
        make_pickup(row.enrolment, valid_until=TODAY())
        adult = listed(row)
        assert outcome(row, adult=adult) == PickUpOutcome.RELEASED
        attendance_arrive(actor=teacher_of(row.day), attendance=Attendance.objects.get())
        assert outcome(row, adult=adult) == PickUpOutcome.UNLISTED

    def test_a_child_that_is_not_here_is_given_to_nobody(self):
        row = make_attendance()
        about = {"actor": teacher_of(row.day), "attendance": row, "adult": listed(row)}
        assert refused(hand_over, **about) == "not-here"

    def test_a_code_that_was_passed_on_is_seen_for_whom_it_is(self, row):
        """A barred father with the grandmother's code: the teacher reads whose it is before the child goes."""
        person = make_pickup(row.enrolment)
        code = code_for(row, person)
        about = {"actor": teacher_of(row.day), "attendance": row, "code": code.code}
        with pytest.raises(DomainError) as refusal:
            hand_over(**about)
        assert (refusal.value.code, person.name in str(refusal.value.message)) == ("person", True)
        assert is_here(row)
        assert hand_over(**about, is_person=True).is_released

    def test_a_bar_reaches_the_same_child_as_entered_by_the_other_parent(self, row):
        mother, child = row.enrolment.member, row.enrolment.child
        father = make_member(row.day.term.site.organization, name="示例父亲")
        twin = make_child(father, name=child.name, born_on=child.born_on)
        bar_add(actor=mother, child=child, name="示例·父亲", document="示例民初3号")
        assert is_barred(twin, father.name, None)
        assert not is_barred(make_child(father, born_on=child.born_on), father.name, None)

    def test_a_barred_name_given_at_the_door_is_recorded_as_barred(self, row):
        bar_add(actor=row.enrolment.member, child=row.enrolment.child, name="买买提·艾力", document="示例1号")
        assert outcome(row, who="买买提・艾力") == PickUpOutcome.BARRED

    def test_a_teacher_who_is_barred_gives_the_child_to_nobody_and_ends_no_bar(self, row):
        teacher, second = teacher_of(row.day), make_care_staff(row.day.term.site).member
        bar = bar_add(actor=second, child=row.enrolment.child, name=teacher.name, document="示例1号")
        about = {"actor": teacher, "attendance": row, "adult": listed(row, 0)}
        assert refused(hand_over, **about) == "oneself"
        assert refused(bar_end, actor=teacher, bar=bar) == "second"
        assert told("childcare.bar_changed") == [row.enrolment.member_id]


class TestCodes:
    def test_five_wrong_ones_lock_them_and_the_identity_card_still_works(self, row):
        right = code_for(row).code
        wrong = "000000" if right != "000000" else "000001"
        assert {outcome(row, code=wrong) for _number in range(5)} == {PickUpOutcome.WRONG_CODE}
        about = {"actor": teacher_of(row.day), "attendance": row, "code": right}
        assert refused(hand_over, **about) == "locked"
        second = make_care_staff(row.day.term.site).member
        assert refused(hand_over, **{**about, "actor": second}) == "locked"
        PickUpAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
        assert outcome(row, code=right) == PickUpOutcome.RELEASED

    def test_siblings_leave_together_and_only_those_that_the_code_names(self, row):
        parent = row.enrolment.member
        sibling = make_enrolment_today(row, parent)
        second = attendance_arrive(actor=teacher_of(row.day), attendance=row.day.rows.get(enrolment=sibling))
        one = code_for(row)
        assert outcome(row, code=one.code, also=[second]) == PickUpOutcome.OTHER_CHILD
        both = code_for(row, children=[row.enrolment.child, sibling.child])
        assert outcome(row, code=both.code, also=[second]) == PickUpOutcome.RELEASED
        assert not is_here(row)
        assert not is_here(second)
        assert PickUpAttempt.objects.filter(outcome=PickUpOutcome.RELEASED).count() == 2

    def test_two_codes_of_one_site_and_day_are_never_equal(self, row, monkeypatch):
        drawn = iter([7, 7, 7, 8])
        monkeypatch.setattr("childcare.services.pickups.secrets.randbelow", lambda most: next(drawn))
        assert [code_for(row).code, code_for(row).code] == ["000007", "000008"]

    def test_nobody_but_the_guardian_makes_one(self, row):
        for actor in (make_member(), teacher_of(row.day), make_staff(row.day.term.site.organization)):
            about = {"actor": actor, "enrolment": row.enrolment, "person": None}
            assert refused(code_make, **about, children=[row.enrolment.child]) == "not-guardian"

    def test_a_code_stands_encrypted_and_is_deleted_with_the_child(self):
        row = make_attendance()
        code = code_for(row, make_pickup(row.enrolment))
        assert not [one for one in Message.objects.all() if code.code in str(one.context)]
        child_remove(actor=row.enrolment.member, child=row.enrolment.child)
        assert (PickUpPerson.objects.count(), PickUpCode.objects.filter(person__isnull=False).count()) == (0, 0)


class TestTheListOfAdults:
    def test_nobody_under_18_and_nobody_barred(self, row):
        born = TODAY() - timedelta(days=15 * 365)
        about = {"enrolment": row.enrolment, "born_on": born}
        assert refused(make_pickup, **about) == "age"
        bar_add(actor=row.enrolment.member, child=row.enrolment.child, name="示例 奶奶", document="示例1号")
        assert refused(make_pickup, enrolment=row.enrolment) == "barred"

    def test_the_guardian_alone_lists_and_is_told(self, row):
        child = row.enrolment.child
        for actor in (make_member(), teacher_of(row.day), make_staff(row.day.term.site.organization)):
            about = {"actor": actor, "child": child, "name": "示例", "phone": "12090000002"}
            assert refused(pickup_add, **about, **GRANDMOTHER, valid_from=TODAY()) == "not-guardian"
        make_pickup(row.enrolment)
        assert told("childcare.pickup_listed") == [row.enrolment.member_id]

    def test_twice_and_too_many_are_refused(self, row):
        make_pickup(row.enrolment)
        assert refused(make_pickup, enrolment=row.enrolment) == "known"
        for number in range(9):
            make_pickup(row.enrolment, name=f"示例人{number}", phone=f"1209000010{number}")
        assert refused(make_pickup, enrolment=row.enrolment, name="示例十一", phone="12090000199") == "many"

    def test_the_page_asks_for_a_fresh_code(self, row, client):
        url = reverse("childcare:enrolment-pickup", args=[row.enrolment.pk])
        assert "/fresh/" in sign_in(client, row.enrolment.member).get(url).url or client.get(url).status_code == 302
        assert fresh(client, row.enrolment.member).get(url).status_code == 200


class TestBars:
    def test_a_guardian_ends_her_own_and_not_that_of_a_teacher(self, row):
        guardian, teacher, child = row.enrolment.member, teacher_of(row.day), row.enrolment.child
        mine = bar_add(actor=guardian, child=child, name="示例甲", document="示例1号")
        theirs = bar_add(actor=teacher, child=child, name="示例乙", document="示例2号")
        assert refused(bar_end, actor=teacher, bar=mine) == "second"
        assert refused(bar_end, actor=guardian, bar=theirs) == "second"
        assert refused(bar_end, actor=teacher, bar=theirs) == "second"
        bar_end(actor=guardian, bar=mine)
        bar_end(actor=make_care_staff(row.day.term.site).member, bar=theirs)
        assert not PickUpBar.objects.standing().exists()

    def test_its_page_is_open_to_the_family_and_the_teachers_only(self, row, client):
        bar = bar_add(actor=teacher_of(row.day), child=row.enrolment.child, name="示例乙", document="示例2号")
        url = reverse("childcare:bar-end", args=[bar.pk])
        volunteer = make_care_staff(row.day.term.site, role=StaffRole.STUDENT).member
        for member, status in (
            (make_member(), 404),
            (volunteer, 404),
            (make_staff(row.day.term.site.organization), 404),
            (teacher_of(row.day), 200),
            (row.enrolment.member, 200),
        ):
            assert fresh(client, member).get(url).status_code == status


class TestTheHandOverPage:
    def test_what_must_be_known_is_read_first(self, row, client):
        known = {"allergies": "花生", "medicines": "", "notes": ""}
        enrolment_care(actor=row.enrolment.member, enrolment=row.enrolment, **known)
        url = reverse("childcare:attendance-collect", args=[row.pk])
        sign_in(client, teacher_of(row.day))
        assert "花生" in client.get(url).content.decode()
        assert AuditEntry.objects.filter(action="attendance.read", about_id=row.pk).count() == 1
        answer = {"adult": "guardian", "compared": "on"}
        assert client.post(url, answer).status_code == 422
        assert is_here(row)
        assert client.post(url, {**answer, "is_read": "on"}).status_code == 302
        assert not is_here(row)

    @pytest.mark.parametrize(
        "answer",
        [{}, {"adult": "guardian"}, {"adult": "else"}, {"adult": "else", "who": "示例陌生人"}, {"code": "123"}],
    )
    def test_what_lacks_proof_is_refused_with_a_sentence(self, row, client, answer):
        url = reverse("childcare:attendance-collect", args=[row.pk])
        response = sign_in(client, teacher_of(row.day)).post(url, answer)
        assert response.status_code == 422
        assert "error-summary" in response.content.decode()
        assert is_here(row)
