"""A teacher's day on a phone in Chromium, with some minutes without a connection."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from childcare.models import Attendance
from childcare.services.enrolments import enrolment_care
from childcare.services.pickups import code_make
from tests.browser import PHONE, accessible
from tests.factories.childcare import make_day, make_running_term, teacher_of
from tests.factories.members import sign_in


@pytest.fixture
def opened(stack, open_page):
    """Today's list of a class of three, opened by its teacher on a phone."""
    with stack.orm():
        day = make_day(make_running_term(children=3))
        rows = list(day.rows.for_list().order_by("enrolment__place"))
        row = rows[1]
        enrolment_care(actor=row.enrolment.member, enrolment=row.enrolment, allergies="花生", medicines="", notes="")
        client = sign_in(Client(), teacher_of(day))
    page = open_page(viewport=PHONE)
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": "zh-hans"}
    page.context.add_cookies([{"name": name, "value": value, "url": stack.url} for name, value in cookies.items()])
    page.goto(f"/childcare/days/{day.pk}/")
    return page, rows


def line(page, row):
    return page.locator(f"#row-{row.pk}")


def tap(page, row, words="在班"):
    line(page, row).get_by_role("button", name=words).click()


def stored(page):
    return page.evaluate("JSON.stringify({...localStorage})")


def test_taps_without_a_connection_are_kept_and_sent_once(stack, opened, watch, tmp_path):
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page, (first, second, third) = opened
    accessible(page)
    tap(page, first)
    expect(line(page, first).locator(".badge").last).to_have_text("在班")

    page.context.set_offline(True)
    before = timezone.now()
    tap(page, second)
    tap(page, third)
    tap(page, third)
    expect(line(page, second).locator(".roll-kept")).to_be_visible()
    expect(page.locator("[data-roll-told]")).to_contain_text("2")
    page.screenshot(path=tmp_path / "kept.png", full_page=True)
    assert second.enrolment.child.name not in stored(page)
    with stack.orm():
        assert Attendance.objects.get(pk=second.pk).state == "expected"
    after = timezone.now()

    page.context.set_offline(False)
    expect(line(page, second).locator(".roll-state")).to_contain_text("在班")
    expect(line(page, third).locator(".roll-state")).to_contain_text("在班")
    expect(page.locator("[data-roll-told]")).to_be_hidden()
    assert stored(page) == "{}"
    with stack.orm():
        kept = Attendance.objects.get(pk=second.pk)
        margin = timedelta(milliseconds=1)
        assert before - margin <= kept.arrived_at <= after + margin


def test_a_child_is_given_to_the_right_adult_only(stack, opened, watch, tmp_path):
    watch.allow("status of 422")
    page, (first, second, _third) = opened
    for row in (first, second):
        tap(page, row)
        expect(line(page, row).locator(".roll-state")).to_contain_text("在班")
    with stack.orm():
        codes = [
            code_make(
                actor=row.enrolment.member, enrolment=row.enrolment, person=None, children=[row.enrolment.child]
            ).code
            for row in (first, second)
        ]
    line(page, second).get_by_role("link", name="接走").click()
    accessible(page)
    page.screenshot(path=tmp_path / "collect.png", full_page=True)
    expect(page.locator(".note-error").first).to_contain_text("花生")
    page.fill("#id_code", codes[0])
    page.check("#id_is_read")
    page.locator("main form .btn-primary").click()
    expect(page.locator(".error-summary")).to_contain_text("接送码属于其他孩子")
    accessible(page)
    page.fill("#id_code", codes[1])
    page.locator("main form .btn-primary").click()
    expect(page.locator(".error-summary")).to_contain_text(second.enrolment.member.name)
    page.check("#id_is_person")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(f"**/childcare/days/{second.day_id}/")
    expect(line(page, second).locator(".roll-state")).to_contain_text("已接走")
    page.locator(f"a[href='/childcare/attendances/{second.pk}/']").click()
    accessible(page)
    page.screenshot(path=tmp_path / "child.png", full_page=True)
    with stack.orm():
        outcomes = list(Attendance.objects.get(pk=second.pk).attempts.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["other_child", "released"]
