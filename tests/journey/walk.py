"""A person at her browser: she signs in with codes she really got, and every page she meets is looked at."""

import json
import re
from datetime import datetime
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PASSWORD = "示例口令-97531-example"


class Walker:
    """One person with a browser of her own; ``pages`` holds (path, status, Cache-Control) of what she was sent.

    ``looked_at`` is shared by the people of a test: a page is held against axe-core once a shell.
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
        """Open a page and look at it."""
        self.page.goto(path)
        return self.look()

    def look(self):
        """Hold the page that is shown against axe-core; return its visible text."""
        self.page.wait_for_load_state()
        path = re.sub(r"/meet/[^/]+", "/meet/-", re.sub(r"\d+", "0", urlsplit(self.page.url).path))
        standing = self.page.locator("main h2, main h1").all_inner_texts()
        key = (path, self.page.viewport_size["width"], tuple(standing))
        if key not in self.looked_at:
            self.looked_at.add(key)
            found = Axe().run(self.page).response["violations"]
            assert [(path, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        return self.text

    @property
    def text(self):
        return self.page.inner_text("body")

    def follow(self, words):
        """Follow the link with these words and look at what comes."""
        self.page.get_by_role("link", name=words, exact=True).first.click()
        return self.look()

    def send(self, selector="main form.portal-form"):
        """Send the page's own form and look at what comes."""
        with self.page.expect_navigation():
            self.page.locator(selector).locator(".btn-primary, .btn-danger").click()
        return self.look()

    def code(self, phone):
        """Return the latest code sent to ``phone``: news of the account may come after it."""
        sent = [json.loads(path.read_text(encoding="utf-8")) for path in self.stack.sms_dir.glob("*.json")]
        sent.sort(key=lambda one: datetime.fromisoformat(one["at"]))
        codes = [re.search(r"(?<!\d)\d{6}(?!\d)", one["text"]) for one in sent if one["phone"] == phone]
        return [code[0] for code in codes if code][-1]

    def sign_in_staff(self, login_name, phone):
        """Password, then the code to her phone."""
        self.go("/sign-in/staff/")
        self.page.fill("#id_login_name", login_name)
        self.page.fill("#id_password", PASSWORD)
        self.send()
        self.page.fill("#id_code", self.code(phone))
        return self.send()

    def sign_in(self, phone, name):
        """The first visit, from the sign-in page: phone, code, name."""
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
        """Every page from the ``since``-th on was sent with no-store."""
        assert [one for one in self.pages[since:] if "no-store" not in one[2]] == []
