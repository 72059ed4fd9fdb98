"""PostgreSQL is unreachable while the portal runs.

Every page says so in words, and all works again once the database is back.
"""

import contextlib
import http.client
import json
import re
import socket
import threading
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.urls import reverse

from deploy.servers.processes import free_port
from tests.drills.rush import sign_in_all
from tests.factories.members import make_member, make_staff
from tests.layout.addresses import addresses
from tests.stack import Stack

CHINESE = re.compile("[\u4e00-\u9fff，]{6,}。")
TOKEN = "a-token-of-a-monitor-0123456789abcdef"


class Way:
    """A connection to the database that can be cut and restored.

    It listens at a port of its own and forwards bytes.
    """

    def __init__(self, url):
        self._target = urlsplit(url)
        self._port = free_port()
        self._threads, self._links = [], []

    @property
    def url(self):
        credentials, _at, _place = self._target.netloc.rpartition("@")
        return urlunsplit(self._target._replace(netloc=f"{credentials}@127.0.0.1:{self._port}"))

    def mend(self):
        self._listening = socket.create_server(("127.0.0.1", self._port))
        self._start(self._accept)

    def cut(self):
        """Refuse new connections and end the existing ones."""
        for link in [self._listening, *self._links]:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for link in [self._listening, *self._links]:
            link.close()
        self._threads, self._links = [], []

    def _start(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                here, _address = self._listening.accept()
                there = socket.create_connection(("127.0.0.1", self._target.port))
                self._links += [here, there]
                self._start(self._pass, here, there)
                self._start(self._pass, there, here)

    @staticmethod
    def _pass(source, target):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack that has lost its database, the connection to it, and cookies of a member and a chair."""
    stack = Stack(servers_env, tmp_path_factory.mktemp("stack"), blocker=django_db_blocker)
    direct, way = dict(stack.env), Way(stack.env["DATABASE_URL"])
    way.mend()
    stack.env["DATABASE_URL"] = way.url
    stack.env["PORTAL_MONITOR_TOKEN"] = TOKEN
    with stack:
        stack.env["DATABASE_URL"] = direct["DATABASE_URL"]  # for this process
        with stack.orm():
            cookies = sign_in_all([make_member(), make_staff()])
        for cookie in cookies:
            assert ask(stack, "/messages/", cookie=cookie)[0] == 200
        way.cut()
        try:
            yield stack, way, cookies
        finally:
            way.mend()
        way.cut()


def ask(stack, path, method="GET", cookie=None, **headers):
    """Return (status, headers, body, seconds)."""
    begun = time.monotonic()
    link = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    if cookie:
        headers["Cookie"] = cookie
    try:
        link.request(method, path, headers={"Accept-Language": "zh-hans", **headers})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read().decode(), time.monotonic() - begun
    finally:
        link.close()


def test_every_page_of_somebody_signed_in_is_503(cut_off):
    stack, _way, cookies = cut_off
    odd, slow, asked = [], 0.0, 0
    for address in addresses():
        if address.arguments or address.name in ("healthz", "readyz", "metrics"):
            continue
        for cookie in cookies:
            status, headers, body, seconds = ask(stack, address.path(), cookie=cookie)
            asked, slow = asked + 1, max(slow, seconds)
            if (status, headers["Retry-After"], bool(CHINESE.search(body))) != (503, "30", True):
                odd.append((address.name, status))
    assert odd == []
    assert asked > 200
    assert slow < 5


def test_no_page_of_a_visitor_is_a_500(cut_off):
    stack, _way, _cookies = cut_off
    found = {}
    for address in addresses():
        if not address.arguments and address.name not in ("healthz", "readyz", "metrics"):
            found.setdefault(ask(stack, address.path())[0], []).append(address.name)
    # What needs no row is answered as usual: the sign-in page, an empty form, a wrong method.
    assert set(found) <= {200, 302, 404, 405, 503}
    assert "home" in found[503]


def test_the_page_is_the_portals_own_in_both_languages(cut_off):
    stack, _way, cookies = cut_off
    for cookie in (None, *cookies):
        _status, headers, chinese, _seconds = ask(stack, "/", cookie=cookie)
        assert 'class="plain-top"' in chinese
        assert '<html lang="zh-Hans"' in chinese
        assert "no-store" in headers["Cache-Control"]
        assert "Set-Cookie" not in headers or "sessionid" not in headers["Set-Cookie"]
        english = ask(stack, "/", cookie=cookie, **{"Accept-Language": "en"})[2]
        assert "cannot read its data at the moment" in english
        assert '<html lang="en"' in english
    static = re.search(r'href="(/static/[^"]+\.css)"', chinese)[1]
    assert ask(stack, static)[0] == 200


def test_programs_htmx_and_monitors_are_told(cut_off):
    stack, _way, cookies = cut_off
    status, headers, body, _seconds = ask(stack, "/", cookie=cookies[0], Accept="application/json")
    assert (status, json.loads(body)["status"], headers["Retry-After"]) == (503, 503, "30")
    status, _headers, body, _seconds = ask(stack, "/messages/", cookie=cookies[0], **{"HX-Request": "true"})
    assert (status, "<html" in body) == (503, False)
    assert ask(stack, "/healthz")[0] == 503
    status, _headers, body, _seconds = ask(stack, "/readyz", Authorization=f"Bearer {TOKEN}")
    assert (status, json.loads(body)["failing"]) == (503, ["database"])
    status, _headers, body, _seconds = ask(stack, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert 'portal_check_well{check="database",grave="true"} 0' in body
    assert ask(stack, "/metrics")[0] == 404
    assert ask(stack, reverse("members:sign-in"), method="POST")[0] in (403, 503)


def test_it_is_back_by_itself_and_what_happened_is_counted(cut_off):
    stack, way, cookies = cut_off
    assert ask(stack, "/messages/", cookie=cookies[0])[0] == 503
    way.mend()
    try:
        deadline = time.monotonic() + 30
        while ask(stack, "/messages/", cookie=cookies[0])[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [ask(stack, "/messages/", cookie=cookie)[0] for cookie in cookies] == [200, 200]
        counted = 0
        while not counted and time.monotonic() < deadline:
            time.sleep(0.5)
            ask(stack, "/")
            text = ask(stack, "/metrics", Authorization=f"Bearer {TOKEN}")[2]
            counted = int(re.search(r"^portal_server_errors_5m (\d+)$", text, re.MULTILINE)[1])
        assert counted > 0
        lines = [line for line in stack.log("web").split("\n") if "outage away" in line]
        assert lines
        assert not any("Traceback" in line for line in lines)
    finally:
        way.cut()
