"""Outings and rides of a class: each child is counted when it leaves and when it is back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from childcare.choices.days import OutingKind
from childcare.models import Outing, OutingChild
from childcare.selectors.pickups import Adult
from childcare.services.days import attendance_arrive, day_close
from childcare.services.outings import outing_begin, outing_end, outing_mark
from childcare.services.pickups import hand_over
from portal.audit.models import AuditEntry
from tests.childcare.test_terms import refused
from tests.factories.childcare import make_attendance, make_day, make_outing, make_running_term, teacher_of
from tests.factories.members import make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def outing(db):
    day = make_day(make_running_term(children=3))
    for row in day.rows.order_by("pk")[:2]:
        attendance_arrive(actor=teacher_of(day), attendance=row)
    return make_outing(day)


def mark(child, to, **more):
    return outing_mark(actor=teacher_of(child.outing.day), child=child, to=to, **more)


def test_it_holds_the_children_who_are_here(outing):
    assert outing.children.count() == 2
    nobody = make_attendance().day
    about = {"actor": teacher_of(nobody), "day": nobody, "kind": OutingKind.VEHICLE, "title": "示例"}
    assert refused(outing_begin, **about) == "nobody"


def test_it_ends_once_each_child_that_left_is_back(outing):
    teacher = teacher_of(outing.day)
    one, two = outing.children.order_by("pk")
    assert mark(one, "back").back_at is None
    mark(one, "out")
    assert refused(outing_end, actor=teacher, outing=outing) == "away"
    assert refused(day_close, actor=teacher, day=outing.day) == "here"
    mark(one, "back")
    assert outing_end(actor=teacher, outing=outing).ended_at
    assert OutingChild.objects.get(pk=two.pk).out_at is None
    assert refused(outing_mark, actor=teacher, child=two, to="out") == "ended"


def test_the_day_stays_open_while_an_outing_is_under_way(outing):
    teacher = teacher_of(outing.day)
    for row in outing.day.rows.here():
        hand_over(actor=teacher, attendance=row, adult=Adult.guardian(row.enrolment.member))
    assert refused(day_close, actor=teacher, day=outing.day) == "outing"
    outing_end(actor=teacher, outing=outing)
    assert day_close(actor=teacher, day=outing.day).closed_at


def test_a_child_collected_on_the_way_is_not_missed(outing):
    teacher = teacher_of(outing.day)
    child = outing.children.first()
    mark(child, "out")
    guardian = Adult.guardian(child.attendance.enrolment.member)
    hand_over(actor=teacher, attendance=child.attendance, adult=guardian)
    assert outing_end(actor=teacher, outing=outing).ended_at


def test_a_tap_that_arrives_twice_or_late_keeps_its_time_and_a_mistake_is_taken_back(outing):
    child, tapped = outing.children.first(), timezone.now() - timedelta(seconds=30)
    mark(child, "out", at=tapped)
    assert mark(child, "out").out_at == tapped
    assert mark(child, "stays").out_at is None


def test_its_page_is_read_by_the_teachers_alone_and_each_look_is_recorded(outing, client):
    url = outing.get_absolute_url()
    name = outing.children.first().attendance.enrolment.child.name
    assert sign_in(client, make_member()).get(url).status_code == 404
    assert name in sign_in(client, teacher_of(outing.day)).get(url).content.decode()
    assert AuditEntry.objects.filter(action="outing.children_read").count() == 1
    address = reverse("childcare:outing-mark", args=[outing.children.first().pk])
    answer = client.post(address, {"to": "out", "age": 1000}, headers={"accept": "application/json"})
    assert (answer.status_code, Outing.objects.get().children.away().count()) == (200, 1)
