"""Properties 37, 43 and 44 on every page.

Tested are what a browser may keep and run, and that reading writes nothing.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.brief import BRIEF
from tests.hostile.walk import visits_by_address, written_tables

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pages")]
POLICY = {
    "default-src": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
}

# What reading may write: the session, and counts of attempts.
WRITTEN_BY_READING = ("django_session", "core_throttle")
# Other tables that reading a page writes to, and why.
READ_IS_WRITTEN = {
    (name, "audit_auditentry"): "who reads the audit is in the audit"
    for name in ("audit:entry-list", "admin:audit_auditentry_changelist", "admin:audit_auditentry_change")
} | {
    (name, "audit_auditentry"): "who opens a case, or a file of it, is in the audit"
    for name in ("rights:case-detail", "rights:case-file", "rights:case-original")
}
READ_IS_WRITTEN |= {
    (f"childcare:{page}", "audit_auditentry"): "who reads the names of children is in the audit"
    for page in (
        "class-people",
        "day-show",
        "day-incident",
        "attendance-show",
        "attendance-collect",
        "incident-show",
        "outing-show",
    )
}
# The policy of a downloaded file.
FILE_POLICY = {"sandbox": "", "default-src": "'none'"}


class Reader(HTMLParser):
    """Notes what the policy would block.

    That is scripts and styles in the page, handlers, and what is fetched from other hosts.
    """

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
    """Return a list of what is wrong with an answer."""
    headers, policy = response.headers, policy_of(response)
    stored = headers["Content-Type"].startswith("image/") and policy == FILE_POLICY
    if stored or headers.get("Content-Disposition", "").startswith("attachment"):
        kept = "no-store" in headers["Cache-Control"] and headers.get("X-Content-Type-Options") == "nosniff"
        return [] if policy == FILE_POLICY and kept else ["file"]
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


@dataclass
class Found:
    """The results of a crawl, by address.

    They are what is wrong with the answers, and the tables that reading wrote to.
    """

    faults: dict = field(default_factory=dict)
    written: set = field(default_factory=set)
    looked: int = 0


# A page as a whole, as a fragment, and without its body, which is then not drawn.
READINGS = (("get", {}, False), ("get", {"HX-Request": "true"}, False), ("head", {}, True))


def walk(home, within=""):
    """Read every page as a whole, as a fragment and without its body; return the results.

    A page of the admin is read as a whole by each administrator, and in the other ways by the first who has access.
    """
    found = Found()
    for together in visits_by_address(home, within):
        let_in = False
        for visit in together:
            for method, headers, brief in READINGS[: 1 if let_in and visit.address.is_admin else None]:
                with written_tables() as written:
                    response = getattr(visit.client, method)(visit.path, headers=headers, **{BRIEF: brief})
                    if response.streaming:
                        response.getvalue()
                assert response.status_code < 500, visit
                found.looked += 1
                for fault in faults(visit, response):
                    found.faults.setdefault(visit.address.name, set()).add(fault)
                found.written |= {(visit.address.name, table) for table in written.difference(WRITTEN_BY_READING)}
                if visit.address.is_admin and response.status_code != 200:
                    break
            else:
                let_in = True
    found.written -= READ_IS_WRITTEN.keys()
    return found


def test_every_page_keeps_to_the_policy_is_not_kept_and_changes_no_row(home, brief):
    found = walk(home)
    assert (found.faults, found.written) == ({}, set())
    assert found.looked > 450


def test_pages_that_break_it_are_named(home, planted):
    """Pages with planted failures are named.

    They are script, style and handler in a page; a page that proxies may keep; a loose policy; a write.
    """
    found = walk(home, "planted:")
    assert set(found.faults) == {"planted:inline", "planted:loose"}
    assert {"inline script", "p style", "p onclick", "img from elsewhere"} <= found.faults["planted:inline"]
    assert "policy unsafe" in found.faults["planted:loose"]
    assert found.written == {("planted:writes", "core_heartbeat")}
