"""Property 42: thirty-two pieces of markup in every text field.

The pages of all roles are opened in Chromium. The planted failure: templates with one title that is not escaped, with
the content security policy and without it.
"""

import io
import shutil
import time
from collections import Counter

import pytest
from openpyxl import load_workbook

from portal.core.models import Throttle
from portal.core.sessions import SessionStore
from portal.exchange.models import ExportRun
from portal.members.models import Member
from portal.messaging.models import Job
from tests.databases import ROOT
from tests.drills.servers import second_server
from tests.drills.test_canaries import path_of_in
from tests.hostile.scripts import PAYLOADS, Looker, Scene, everyones_pages, plain


@pytest.fixture(scope="module")
def scene(stack):
    return Scene(stack)


def go_on(stack, scene):
    """Reset the hourly and daily counts of attempts and keep every session active.

    This drill tests neither limits nor idle sessions.
    """
    with stack.orm():
        Throttle.objects.all().delete()
        for visitor in scene.at.values():
            if "sessionid" in visitor.cookies:
                session = SessionStore(visitor.cookies["sessionid"])
                session["seen_at"] = session["code_at"] = int(time.time())
                session.save(must_create=False)


def wait_for_jobs(stack):
    for _number in range(150):
        with stack.orm():
            if not Job.objects.filter(finished_at=None).exists():
                return
        time.sleep(0.2)
    raise AssertionError("The worker does not come to an end.")


def test_markup_is_text_on_every_page(stack, scene, open_page, watch, measured):
    watch.allow("status of 4")
    people = {name: Looker(open_page(), visitor, stack.url) for name, visitor in scene.at.items()}
    missing = []
    for number, words in enumerate(PAYLOADS):
        go_on(stack, scene)
        for who, path, *texts in scene.round(number, words):
            missing += [(who, *miss) for miss in people[who].misses(path, texts or [words])]
    go_on(stack, scene)
    for who, path in everyones_pages():
        people[who].look(path)
    wait_for_jobs(stack)
    with stack.orm():
        run = ExportRun.objects.filter(format="xlsx", state="ready").order_by("-pk").first()
        cells = [
            cell
            for sheet in load_workbook(io.BytesIO(path_of_in(stack, run).read_bytes())).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
    texts = [path.read_text(encoding="utf-8") for path in stack.sms_dir.glob("*.json")]
    measured(
        payloads=len(PAYLOADS),
        pages=sum(one.seen for one in people.values()),
        dialogs=sum(len(one.fired) for one in people.values()),
        elements=sum(len(one.planted) for one in people.values()),
        policy=len(watch.findings),
        cells=len(cells),
        refused=dict(Counter(name for name, *_rest in scene.refused)),
        missing=len(missing),
    )
    assert [one.fired + one.planted for one in people.values() if one.fired or one.planted] == []
    assert [one.away for one in people.values() if one.away] == []
    assert missing == [], missing
    # Views of hidden fields are counted from the audit, thirty an hour, and cannot be reset. What other singles read
    # may contain no sign of a contact; markup is not a web address; and one name, without its special characters, is
    # already taken.
    contacts = sum("@" in words for words in PAYLOADS)
    assert Counter(name for name, *_rest in scene.refused) == {
        "members:member-reveal": len(PAYLOADS) - 30,
        "matchmaking:meet-join": contacts,
        "matchmaking:single-about": contacts,
        "matchmaking:single-wishes": contacts,
        "matchmaking:case-introduce": contacts,
        "matchmaking:release-create": len(PAYLOADS),
        "organizations:organization-create": 1,
        "matchmaking:series-create": 1,
        "matchmaking:venue-create": 1,
    }
    assert {cell.data_type for cell in cells} == {"s"}
    # Text that begins like a formula gets an apostrophe in front; one of the payloads begins with an apostrophe of its
    # own.
    inside = {plain(str(cell.value)).lstrip("'") for cell in cells}
    assert {plain(words).lstrip("'") for words in PAYLOADS[:8]} <= inside
    assert [text for text in texts if "&lt;" in text.replace("&lt;img src=x", "")] == []


def wait_for_either(looker, watch):
    """Wait until the browser has run the planted markup or has reported that it was blocked."""
    for _number in range(200):
        if looker.fired or any("CSP" in finding for finding in watch.findings):
            return
        looker.page.wait_for_timeout(50)


@pytest.mark.parametrize("policy", ["kept", "none"])
def test_control_a_title_that_is_not_escaped_is_seen(stack, scene, open_page, watch, measured, tmp_path, policy):
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    head = templates / "components" / "page_header.html"
    head.write_text(head.read_text(encoding="utf-8").replace("{{ title }}", "{{ title|safe }}"), encoding="utf-8")
    words = "<img src=x onerror=alert(1)>"
    with stack.orm():
        person = Member.objects.filter(pk=scene.member.pk)
        before = person.get().name
        person.update(name=words)
    env = {
        "DJANGO_SETTINGS_MODULE": "tests.drills.unescaped",
        "DRILL_TEMPLATES": str(templates),
        "DRILL_POLICY": policy,
    }
    try:
        with second_server(stack, f"unescaped-{policy}", **env) as url:
            looker = Looker(open_page(), scene.at["chair"], url)
            looker.look(f"/members/{scene.member.pk}/")
            wait_for_either(looker, watch)
    finally:
        with stack.orm():
            person.update(name=before)
    stopped = [finding for finding in watch.findings if "CSP" in finding]
    watch.allow(".")
    measured(policy=policy, dialogs=len(looker.fired), elements=len(looker.planted), stopped=len(stopped))
    assert looker.planted
    assert (bool(looker.fired), bool(stopped)) == ((False, True) if policy == "kept" else (True, False))
