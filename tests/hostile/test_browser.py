"""Properties 37 and 43 in real Chromium.

Tested are what stays after signing out, framing, scripts in the page, and other hosts.
"""

import http.server
import threading

import pytest

from portal.core.roles import Role
from tests.factories.matchmaking import make_single
from tests.factories.members import make_staff, phone_number
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.hostile.visitor import Visitor

NAME = "示例欧阳桂花"
PHONE = phone_number(71_827_361)


@pytest.fixture(scope="module")
def people(stack):
    """Sessions of a chair, an administrator and a member.

    The tests search for the member's name and phone.
    """
    with stack.orm():
        city = make_organization(name="示例甲市总工会")
        single = make_single(make_unit(city, name="示例甲厂工会"), name=NAME, phone=PHONE)
        found = {"chair": make_staff(city), "single": single}
        found["system"] = make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)
    return {name: Visitor(stack, member) for name, member in found.items()}, single


@pytest.fixture
def signed_in(stack, people, open_page):
    """Return a function that opens a page in the session of the person with a given name."""

    def open_(name):
        page = open_page()
        values = people[0][name].cookies
        page.context.add_cookies(
            [{"name": key, "value": value, "url": stack.url, "httpOnly": True} for key, value in values.items()]
        )
        return page

    return open_


def serve(body):
    """Serve one page from another origin and return (address, server)."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments):
            """Write no log."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}/", server


def framed(page, address, target):
    """Open a page of another origin that frames ``target``.

    Returns the text that the frame shows.
    """
    place, server = serve(f"<!DOCTYPE html><title>x</title><iframe src='{target}'></iframe>")
    try:
        page.goto(place)
        page.wait_for_timeout(500)
        frame = page.frames[1]
        return "" if frame.url.startswith("chrome-error:") else frame.evaluate("document.body.innerText")
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/members/", "/admin/", "/nowhere/"])
def test_no_page_lets_itself_be_framed(stack, signed_in, watch, path):
    watch.allow("frame-ancestors|X-Frame-Options|favicon|status of 404|ERR_BLOCKED")
    page = signed_in("system")
    assert framed(page, None, stack.url + path) == ""


def test_a_page_that_does_is_seen_in_its_frame(page, watch):
    """The control: the same frame shows a page that has no such header."""
    watch.allow("favicon|status of 404")
    address, server = serve("<!DOCTYPE html><title>y</title>framed words")
    try:
        assert framed(page, None, address) == "framed words"
    finally:
        server.shutdown()
        server.server_close()


def stored(page):
    """Return everything that the browser stores for a page."""
    return page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,"
        " window.caches ? await caches.keys() : [],"
        " indexedDB.databases ? await indexedDB.databases() : []])"
    )


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("chair", ["/members/", "/members/{}/", "/members/{}/edit/", "/"]),
        ("single", ["/me/", "/me/readers/", "/messages/"]),
        ("system", ["/admin/members/member/"]),
    ],
)
def test_nothing_of_a_person_stays_in_the_browser(stack, people, signed_in, watch, who, paths):
    page = signed_in(who)
    for path in paths:
        page.goto(stack.url + path.format(people[1].pk))
        assert not any(word in stored(page) for word in (NAME, PHONE, "sessionid"))
    # The control: what a script stores is found.
    page.evaluate(f"localStorage.setItem('x', '{NAME}')")
    assert NAME in stored(page)


def test_after_signing_out_going_back_shows_nothing(stack, people, signed_in):
    page = signed_in("chair")
    page.goto(stack.url + "/members/")
    page.goto(f"{stack.url}/members/{people[1].pk}/")
    assert NAME in page.inner_text("body")
    # The control: while the chair is signed in, going back shows the list.
    page.go_back()
    assert NAME in page.inner_text("body")
    page.go_forward()
    page.locator("form[action='/sign-out/']").last.evaluate("form => form.submit()")
    page.wait_for_url(stack.url + "/")
    for _step in range(2):
        page.go_back()
        page.wait_for_load_state()
        assert NAME not in page.inner_text("body")
        assert NAME not in page.content()


def test_a_script_a_style_and_another_host_in_a_page_are_reported(page, watch, stack):
    """The policy blocks a script, a style and another host in a page, and they are reported.

    The planted failure: a page's markup is changed in transit, under the policy that the portal sends.
    """

    def change(route):
        answer = route.fetch()
        body = answer.text().replace(
            "</body>",
            "<p id='styled' style='color:red'>x</p><script>document.title='fired'</script>"
            "<img src='https://example.org/x.png'></body>",
        )
        route.fulfill(response=answer, body=body)

    page.route("**/sign-in/", change)
    page.goto(stack.url + "/sign-in/")
    page.wait_for_timeout(300)
    found = " ".join(watch.findings)
    watch.allow("CSP|Content Security Policy|foreign host|violates")
    assert page.title() != "fired"
    assert [part for part in ("script-src", "style-src", "img-src") if part not in found] == []
