"""Properties 37 and 43 on every page of the URLconf: what the browser may keep, and what it may run."""

import re
from html.parser import HTMLParser

import pytest

from tests.hostile.walk import visits

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
}

# Of a file that is handed out.
FILE_POLICY = {"sandbox": "", "default-src": "'none'"}


class Reader(HTMLParser):
    """Notes what the policy would stop: scripts and styles in the page, handlers, what is fetched from elsewhere."""

    def __init__(self, nonce):
        super().__init__()
        self.nonce, self.found = nonce, []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.found += [] if self.nonce and values.get("nonce") == self.nonce else [f"inline {tag}"]
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction") and re.match(
                r"\s*(javascript|data|vbscript):", value or "", re.I
            ):
                self.found.append(f"{tag} {name} {value[:20]}")
        fetched = values.get("src") or (values.get("href") if tag == "link" else None) or ""
        if re.match(r"(https?:)?//", fetched):
            self.found.append(f"{tag} from elsewhere")


def policy_of(response):
    parts = [part.split() for part in response.headers.get("Content-Security-Policy", "").split(";") if part.strip()]
    return {part[0]: " ".join(part[1:]) for part in parts}


def faults(visit, response):
    """Return what is wrong with an answer."""
    headers, policy = response.headers, policy_of(response)
    if headers.get("Content-Disposition", "").startswith("attachment"):
        return [] if policy == FILE_POLICY and "no-store" in headers["Cache-Control"] else ["file"]
    found = [f"policy {name}" for name, value in POLICY.items() if policy.get(name) != value]
    script = policy.get("script-src", "*")
    nonce = re.fullmatch(r"'self'(?: 'nonce-([^']+)')?", script)
    if nonce is None:
        found.append("policy script-src")
    if "unsafe" in str(policy):
        found.append("policy unsafe")
    if headers.get("X-Content-Type-Options") != "nosniff":
        found.append("sniffing")
    if headers.get("Referrer-Policy") != "same-origin":
        found.append("referrer")
    if visit.person is not None and "no-store" not in headers.get("Cache-Control", ""):
        found.append("kept")
    if visit.person is None and not re.search("private|no-store", headers.get("Cache-Control", "")):
        found.append("shared")
    if headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        reader = Reader(nonce[1] if nonce else None)
        reader.feed(response.content.decode())
        found += reader.found
        if "shell-" in response.content.decode() and '"historyCacheSize":0' not in response.content.decode():
            found.append("history cache")
    return found


def walk(home, within=""):
    """Return {address: what is wrong} over all pages and fragments, and how many answers were looked at."""
    found, looked = {}, 0
    for visit in visits(home, within):
        for headers in ({}, {"HX-Request": "true"}):
            response = visit.client.get(visit.path, headers=headers)
            assert response.status_code < 500, visit
            looked += 1
            for fault in faults(visit, response):
                found.setdefault(visit.address.name, set()).add(fault)
            if response.streaming:
                b"".join(response)
    return found, looked


def test_every_page_keeps_to_the_policy_and_is_not_kept(home):
    found, looked = walk(home)
    assert found == {}, found
    assert looked > 300


def test_pages_that_break_it_are_named(home, planted):
    """The planted failures: a script, a style and a handler in a page; a page that proxies may keep; a loose policy."""
    found, _looked = walk(home, "planted:")
    assert set(found) == {"planted:inline", "planted:loose"}
    assert {"inline script", "p style", "p onclick", "img from elsewhere"} <= found["planted:inline"]
    assert "policy unsafe" in found["planted:loose"]
