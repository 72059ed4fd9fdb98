"""A person at a browser, who signs in with codes that were really sent.

Every page that the person opens is checked.
"""

import json
import re
from datetime import datetime
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser import accessible

PASSWORD = "示例口令-97531-example"


class Walker:
    """One person with a browser session of their own.

    ``pages`` holds (path, status, Cache-Control) of the pages received. ``looked_at`` is shared by the people of a
    test: axe-core checks a page once for each viewport width.
    """

    def __init__(self, stack, page, looked_at):
        self.stack = stack
        self.page = page
        self.looked_at = looked_at
        self.pages = []
        page.on("response", self._note)

    def _note(self, response):
        if response.request.resource_type == "document" and response.status < 300:
            path = urlsplit(response.url).path
            self.pages.append((path, response.status, response.headers.get("cache-control", "")))

    def go(self, path):
        """Open a page and check it."""
        self.page.goto(path)
        return self.look()

    def look(self):
        """Check the shown page with axe-core; return its visible text."""
        self.page.wait_for_load_state()
        path = re.sub(r"/meet/[^/]+", "/meet/-", re.sub(r"\d+", "0", urlsplit(self.page.url).path))
        standing = self.page.locator("main h2, main h1").all_inner_texts()
        key = (path, self.page.viewport_size["width"], tuple(standing))
        if key not in self.looked_at:
            self.looked_at.add(key)
            accessible(self.page)
        return self.text

    @property
    def text(self):
        return self.page.inner_text("body")

    def follow(self, words):
        """Follow the link with these words and check the page that opens."""
        self.page.get_by_role("link", name=words, exact=True).first.click()
        return self.look()

    def send(self, selector="main form.portal-form"):
        """Submit the page's own form and check the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(selector).locator(".btn-primary, .btn-danger").click()
        return self.look()

    def code(self, phone):
        """Return the latest code sent to ``phone``; other messages about the account may follow it."""
        sent = [json.loads(path.read_text(encoding="utf-8")) for path in self.stack.sms_dir.glob("*.json")]
        sent.sort(key=lambda one: datetime.fromisoformat(one["at"]))
        codes = [re.search(r"(?<!\d)\d{6}(?!\d)", one["text"]) for one in sent if one["phone"] == phone]
        return [code[0] for code in codes if code][-1]

    def sign_in_staff(self, login_name, phone):
        """Sign in with the password, then with the code sent to the phone."""
        self.go("/sign-in/staff/")
        self.page.fill("#id_login_name", login_name)
        self.page.fill("#id_password", PASSWORD)
        self.send()
        self.page.fill("#id_code", self.code(phone))
        return self.send()

    def sign_in(self, phone, name):
        """Sign in for the first time from the sign-in page: phone, code, name."""
        self.page.fill("#id_phone", phone)
        self.send()
        self.page.fill("#id_code", self.code(phone))
        self.send()
        self.page.fill("#id_name", name)
        return self.send()

    def sign_out(self):
        self.page.locator("summary", has_text=re.compile("账号|账户|我的|Account")).last.click()
        self.page.locator("form[action='/sign-out/'] button").last.click()
        expect(self.page).to_have_url(re.compile(r"/$"))

    def assert_nothing_is_stored(self, since=0):
        """Check that every page from the ``since``-th on was sent with no-store."""
        assert [one for one in self.pages[since:] if "no-store" not in one[2]] == []
