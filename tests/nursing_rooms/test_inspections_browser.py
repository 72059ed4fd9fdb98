"""The page to score at 390 px: items are saved as they change, a lost signal is shown and made up for."""

import io
import os
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from nursing_rooms.models import RoomInspection
from nursing_rooms.services.inspections import room_inspection_plan
from portal.core.roles import Role
from portal.inspections.services.inspections import inspection_start
from tests.browser import PHONE, accessible
from tests.factories.members import make_staff, sign_in
from tests.factories.nursing_rooms import make_room
from tests.factories.organizations import make_organization, make_unit


@pytest.fixture
def visit(stack):
    """An inspection that is under way, and the session of its inspector."""
    with stack.orm():
        call_command("load_rubrics", verbosity=0)
        call_command("load_legal_parameters", verbosity=0)
        county = make_organization(parent=make_organization(), kind="county")
        lead = make_staff(county, role=Role.CADRE)
        row = room_inspection_plan(
            actor=lead,
            room=make_room(make_unit(county)),
            organization=county,
            planned_on=timezone.localdate(),
            inspectors=[lead],
            lead=lead,
        )
        inspection_start(actor=lead, inspection=row)
        session = sign_in(Client(), lead).session.session_key
    return row, session


def open_at(open_page, stack, visit, path, **options):
    row, session = visit
    page = open_page(viewport=PHONE, **options)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": stack.url}])
    page.goto(f"/nursing_rooms/inspections/{row.pk}/{path}")
    return page


def shot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def pick(page, number, label):
    item = page.locator(".score-item").nth(number - 1)
    item.locator(".score-choice").filter(has_text=re.compile(rf"^\s*({label})\s*$")).first.click()
    return item.locator(".score-saved")


def saved(status, **options):
    expect(status).not_to_have_class(re.compile("is-wrong"), **options)
    expect(status.locator("svg")).to_be_visible(**options)


def count(stack, row):
    with stack.orm():
        return RoomInspection.objects.get(pk=row.pk).scores.exclude(met=None).count()


def photograph():
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(out, "JPEG")
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_items_are_saved_one_by_one_and_again_after_a_lost_signal(stack, open_page, visit, watch):
    row, _session = visit
    page = open_at(open_page, stack, visit, "score/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.locator("#score-progress")).to_contain_text("33")
    shot(page, "score-1")
    saved(pick(page, 2, "3"))
    expect(page.locator("#score-progress progress")).to_have_attribute("value", "1")
    assert count(stack, row) == 1
    box = page.locator(".score-choice").first.bounding_box()
    assert min(box["height"], box["width"]) >= 44
    watch.allow("ERR_INTERNET_DISCONNECTED|htmx:")
    page.context.set_offline(True)
    status = pick(page, 3, "2")
    expect(status).to_have_class(re.compile("is-wrong"))
    shot(page, "score-offline")
    assert count(stack, row) == 1
    page.context.set_offline(False)
    saved(status, timeout=20_000)
    assert count(stack, row) == 2
    page.locator("[name$='-answer']").first.focus()
    page.locator(".score-buttons .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/score/2/$"))
    page.locator("input[type=file]").first.set_input_files(photograph())
    expect(page.locator(".score-photo")).to_have_count(1)
    saved(pick(page, 1, "是|Yes"))
    with stack.orm():
        assert RoomInspection.objects.get(pk=row.pk).scores.exclude(taken_at=None).count() == 1
    accessible(page)
    shot(page, "score-2")
    page.goto(f"/nursing_rooms/inspections/{row.pk}/")
    shot(page, "detail-under-way")


def test_the_page_works_without_javascript(stack, open_page, visit):
    row, _session = visit
    page = open_at(open_page, stack, visit, "score/1/", java_script_enabled=False)
    pick(page, 1, "10")
    page.locator(".score-buttons .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/score/2/$"))
    assert count(stack, row) == 1
