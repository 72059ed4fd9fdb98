"""The button and the key that leave a page, in a browser: the server is told, and Back does not return to the page."""

import re

import pytest
from django.conf import settings

HOST = "http://127.0.0.1:9/"
SCRIPT = (settings.BASE_DIR / "static/receipts/leave.js").read_text(encoding="utf-8")
PAGE = (
    '<!DOCTYPE html><title>secret</title><p>secret</p><textarea></textarea><form method="post" action="/leave/"'
    ' data-leave="/weather/"><input type="hidden" name="csrfmiddlewaretoken" value="token"><button>Leave</button>'
    "</form>"
    '<script type="module" src="/leave.js"></script>'
)


@pytest.fixture
def secret(page):
    """A page with something secret, reached from another one, and the bodies that were sent to leave it."""
    sent = []

    def answer(route, request):
        path = request.url.removeprefix(HOST)
        if path == "leave/":
            sent.append(request.post_data)
            route.fulfill(status=204)
        elif path == "leave.js":
            route.fulfill(body=SCRIPT, content_type="text/javascript")
        elif path == "secret/":
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.fulfill(body=f"<!DOCTYPE html><title>{path}</title>", content_type="text/html")

    page.route(re.compile(re.escape(HOST)), answer)
    page.goto(f"{HOST}before/")
    page.goto(f"{HOST}secret/")
    page.wait_for_load_state("networkidle")
    return page, sent


def leave_by_button(page):
    page.get_by_role("button").click()


def leave_by_key(page):
    page.get_by_role("textbox").focus()
    for _number in range(2):
        page.keyboard.press("Escape")


@pytest.mark.parametrize("leave", [leave_by_button, leave_by_key])
def test_the_page_is_left_and_back_does_not_return_to_it(secret, leave):
    page, sent = secret
    leave(page)
    page.wait_for_url(f"{HOST}weather/")
    assert len(sent) == 1
    assert 'name="csrfmiddlewaretoken"\r\n\r\ntoken' in sent[0]
    page.go_back()
    assert page.url == f"{HOST}before/"


def test_other_keys_and_slow_presses_leave_nothing(secret):
    page, sent = secret
    page.get_by_role("textbox").focus()
    for key in ("Escape", "a", "Escape", "Shift", "Shift", "Shift"):
        page.keyboard.press(key)
    page.wait_for_timeout(2100)
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert (page.url, sent) == (f"{HOST}secret/", [])
