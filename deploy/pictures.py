"""The pictures of the README, taken from a running demo: desktop and phone, in Chinese and English.

Use: ``make demo`` in one terminal, ``python -m deploy.pictures [--url http://127.0.0.1:8000]`` in another.
"""

import argparse
import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from deploy import chromium
from deploy.demo_data.cast import PASSWORD, cast

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
CADRE = "shi-ganbu"
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def main(arguments=None):
    """Sign in a cadre on a desktop and a single on a phone; write four pictures."""
    parser = argparse.ArgumentParser(description="Take the pictures of the README from a running demo.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    url = parser.parse_args(arguments).url
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        for viewport, name, sign_in in ((DESK, "desk", _cadre), (PHONE, "phone", _single)):
            context = browser.new_context(base_url=url, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai")
            page = context.new_page()
            sign_in(page)
            for short, language in LANGUAGES.items():
                _switch(page, language)
                page.goto("/")
                page.screenshot(path=FOLDER / f"{name}-{short}.png")
            _switch(page, LANGUAGES["zh"])
        browser.close()


def _cadre(page):
    page.goto("/sign-in/staff/")
    page.fill("#id_login_name", CADRE)
    page.fill("#id_password", PASSWORD)
    _send(page)
    _enter_code(page)


def _single(page):
    page.goto("/sign-in/")
    page.fill("#id_phone", cast().singles[0].person.phone)
    _send(page)
    _enter_code(page)


def _enter_code(page):
    """Enter the latest code from the page where the demo shows its text messages."""
    reader = page.context.new_page()
    reader.goto("/dev/sms/")
    code = re.search(r"(?<!\d)\d{6}(?!\d)", reader.locator("article").first.inner_text())[0]
    reader.close()
    page.fill("#id_code", code)
    _send(page)


def _send(page):
    with page.expect_navigation():
        page.locator("main form.portal-form .btn-primary").first.click()


def _switch(page, language):
    """Choose a language with the form of the page, which is inside the menu on a phone."""
    button = page.locator(f"button[name=language][value={language}]").first
    if button.count():
        with page.expect_navigation():
            button.evaluate("button => button.form.requestSubmit(button)")


if __name__ == "__main__":
    main()
