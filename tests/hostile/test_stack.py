"""Hostile bytes at the running portal, and that no personal data gets into its logs."""

import base64
import contextlib
import re
import threading
import time
from urllib.parse import quote

import pytest
from django.db import IntegrityError

from matchmaking.models import Participation
from portal.core.roles import Role
from portal.members.models import Member
from portal.messaging.models import Job
from tests import databases
from tests.exchange import files
from tests.factories.matchmaking import make_event, make_single
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.hostile.visitor import Visitor

START = "/exchange/members.roster/"
HEADINGS = ["unit", "name", "sex", "identity_number", "phone"]
UNIT = "示例甲厂工会"
# Planted values: of a person who signs in, one entered by staff, and one imported.
IDENTITY = [identity_number(number, born="19920229") for number in (311, 312, 313)]
PHONE = [phone_number(number) for number in (91_827_361, 91_827_362, 91_827_363)]
NAME = "示例欧阳桂"
LINE = "金丝雀爱唱歌也爱听雨"
CANARIES = [*IDENTITY, *PHONE, NAME, LINE, *(number[-6:] for number in IDENTITY)]


@pytest.fixture(scope="module")
def city(stack):
    with stack.orm():
        city = make_organization(name="示例甲市总工会")
        make_unit(city, name=UNIT)
    return city


@pytest.fixture(scope="module")
def cadre(stack, city):
    with stack.orm():
        member = make_staff(city, role=Role.CADRE, phone=phone_number(1))
    return Visitor(stack, member)


def head(method, path, *lines):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def test_two_hundred_megabytes_are_refused_unread(stack, cadre):
    """Two hundred megabytes are refused without being read.

    The answer comes while the body is still being sent, and the rest is not read.
    """
    size = 200 * 1024 * 1024
    cookie = f"Cookie: sessionid={cadre.cookies['sessionid']}"
    request = head("POST", START, cookie, f"Content-Length: {size}", "Content-Type: multipart/form-data; boundary=x")
    begun = time.monotonic()
    status, _sent = cadre.bare(request + b"--x\r\n")
    assert (status, time.monotonic() - begun < 5) == (413, True)
    piece = b"x" * 65536
    _status, sent = cadre.bare(request, (piece for _number in range(size // len(piece))))
    assert sent < size / 2
    assert cadre.get("/healthz")[:2] == (200, "ok")


STRANGE = [
    head("GET", "/%00"),
    head("GET", "/%ED%A0%80/"),
    head("GET", "/members/%FF%FE/"),
    head("GET", "/?page=" + "9" * 3000),
    head("GET", "/sign-in/?next=%00%ED%A0%80"),
    head("GET", "/x" * 5000),
    head("GET", "/", "Cookie: sessionid=" + "x" * 4000 + "; theme=%00; django_language=../../x"),
    head("GET", "/", "Accept-Language: " + "x," * 2000),
    head("GET", "/", "X-Forwarded-For: \x01\x02", "X-Forwarded-Proto: https"),
    head("GET", "/").replace(b"localhost", b"evil.example"),
    head("GET", "/").replace(b"localhost", b"\xff\xfe"),
    head("POST", "/sign-in/", "Content-Length: 10", "Content-Length: 20"),
    head("POST", "/sign-in/", "Content-Length: -1"),
    head("POST", "/sign-in/", "Content-Length: " + "9" * 30),
    head("POST", "/sign-in/", "Transfer-Encoding: chunked") + b"5\r\nphone\r\n0\r\n\r\n",
    head("POST", "/sign-in/", "Transfer-Encoding: chunked", "Content-Length: 5") + b"zz\r\n",
    head("POST", "/sign-in/", "Content-Length: 3", "Content-Type: multipart/form-data; boundary=") + b"abc",
    head("POST", "/sign-in/", "Content-Length: 3", "Content-Type: application/json; charset=x") + b"{]x",
    head("BREW", "/"),
    head("TRACE", "/"),
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n",
    b"GET /\r\n\r\n",
]


@pytest.mark.parametrize("request_bytes", STRANGE, ids=range(len(STRANGE)))
def test_strange_bytes_are_no_error_of_ours(stack, city, request_bytes):
    status, _sent = Visitor(stack).bare(request_bytes)
    assert status is None or 200 <= status < 500


def sent_run(visitor, city, data, name="roster.xlsx"):
    """Upload a roster and return the address and the page of its run once the worker has finished."""
    status, text, headers = visitor.upload(START, {"organization": city.pk}, name, data)
    assert status == 302, text[-2000:]
    for _number in range(150):
        status, text, _headers = visitor.get(headers["Location"])
        assert status == 200
        if "http-equiv" not in text:
            return headers["Location"], text
        time.sleep(0.2)
    raise AssertionError("The worker does not come to an end with this file.")


def test_a_bomb_is_refused_at_the_door(stack, city, cadre):
    begun = time.monotonic()
    status, text, _headers = cadre.upload(START, {"organization": city.pk}, "roster.xlsx", files.zip_bomb())
    assert (status, time.monotonic() - begun < 10) == (422, True)
    assert 'role="alert"' in text
    assert cadre.get("/healthz")[0] == 200


def test_a_formula_is_a_wrong_cell(stack, city, cadre):
    row = ['=HYPERLINK("http://example.org","x")', "示例王", "女", identity_number(9), phone_number(9)]
    path, text = sent_run(cadre, city, files.xlsx([HEADINGS, row]))
    assert "example.org" not in text
    assert "faults-title" in text
    assert "confirm" not in re.findall(rf'action="{path}(\w+)/"', text)
    with stack.orm():
        assert not Member.objects.filter(name="示例王").exists()


def at_once(number, work):
    """Do the same work in several threads and return all results."""
    found = []
    barrier = threading.Barrier(number)

    def run():
        barrier.wait()
        found.append(work())

    threads = [threading.Thread(target=run) for _number in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def stands_in(canary, text):
    """Return whether a text contains the canary.

    The canary may be unchanged, escaped as in Django's log, or quoted as in an address.
    """
    escaped = canary.encode("unicode_escape").decode()
    return any(form in text.replace("\\\\", "\\") for form in (canary, escaped, quote(canary)))


def broker(link):
    """Return everything that Valkey holds, as text.

    The bodies of tasks, which are stored in base64, are decoded.
    """
    read = {
        b"list": lambda key: link.lrange(key, 0, -1),
        b"hash": link.hgetall,
        b"set": link.smembers,
        b"zset": lambda key: link.zrange(key, 0, -1),
        b"string": link.get,
    }
    text = "".join(f"{key} {read[link.type(key)](key)}" for key in link.keys("*"))
    for body in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", text):
        with contextlib.suppress(ValueError):
            text += base64.b64decode(body).decode(errors="replace")
    return text


def test_nothing_of_a_person_is_logged(stack, city, cadre):
    """No log contains personal data.

    Numbers, a name and a line are sent to every entry point that takes them, also in requests that fail.
    """
    server_log = databases.FOLDER / "log" / "postgres.log"
    start = server_log.stat().st_size
    with stack.orm():
        unit = city.children.get()
        make_entry(unit, name=NAME, phone=PHONE[0], identity_number=IDENTITY[0], identity_kind="resident")
        single = make_single(unit, name=NAME + "二", phone=phone_number(77))
        event = make_event(city)
        event_path, administrator = event.get_member_url(), make_staff(city, role=Role.SYSTEM_ADMINISTRATOR)
    statuses = []

    def note(answer):
        statuses.append(answer[0])
        return answer

    # A member signs in, first with the wrong name, then with the right one.
    her = Visitor(stack)
    note(her.post("/sign-in/", {"phone": PHONE[0]}))
    code = next(
        re.search(r"\b\d{6}\b", path.read_text(encoding="utf-8"))[0]
        for path in stack.sms_dir.glob("*.json")
        if PHONE[0] in path.read_text(encoding="utf-8")
    )
    note(her.post("/sign-in/code/", {"code": code}))
    note(her.post("/sign-in/first/", {"name": IDENTITY[0]}))
    note(her.post("/sign-in/first/", {"name": NAME}))
    note(her.get("/me/"))
    for wrong in (PHONE[1], IDENTITY[1]):
        note(Visitor(stack).post("/sign-in/staff/", {"login_name": wrong, "password": wrong}))
        note(Visitor(stack).ask("POST", "/sign-in/", f"phone={wrong}", {"Content-Type": "text/plain"}))
        note(Visitor(stack).ask("POST", "/sign-in/", f"phone={wrong}%00"))

    # Her card is refused, accepted and sent again.
    card = Visitor(stack, single)
    for line in (f"{LINE} {PHONE[0]}", NAME + "二", LINE, LINE):
        note(card.post(event_path + "join/", {"line": line, "agree": "on"}, page="/me/"))
    with stack.orm():
        assert Participation.objects.get().line == LINE

    # One person entered eight times at once: the database refuses seven of the entries by its unique index.
    fields = {
        "organization": unit.pk,
        "name": NAME,
        "sex": "female" if int(IDENTITY[1][16]) % 2 == 0 else "male",
        "identity_number": IDENTITY[1],
        "phone": PHONE[1],
        "marital_status": "single",
    }
    token = cadre.token("/members/new/")
    body = "&".join(f"{name}={quote(str(value))}" for name, value in {**fields, "csrfmiddlewaretoken": token}.items())
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answers = at_once(8, lambda: cadre.ask("POST", "/members/new/", body, form)[0])
    statuses += answers
    assert sorted(answers) == [302] + [422] * 7
    # Whether two of them met in the database is chance; that it refuses the same number twice, and how it reports that,
    # is tested here.
    with stack.orm():
        one, other = Member.objects.exclude(identity_index=None).order_by("pk")[:2]
        with pytest.raises(IntegrityError):
            Member.objects.filter(pk=other.pk).update(identity_index=one.identity_index)
    note(cadre.post("/members/new/", fields | {"identity_number": IDENTITY[1][:-1]}))
    note(cadre.post("/members/new/", fields | {"sex": "x", "phone": PHONE[1] + "1"}))
    for term in (IDENTITY[0], PHONE[0], NAME):
        found = note(cadre.post("/members/find/", {"term": term}, page="/members/"))
        note(cadre.get(found[2]["Location"]))
        administration = Visitor(stack, administrator)
        note(administration.post("/admin/members/member/find/", {"term": term}, page="/admin/members/member/"))
        note(administration.get("/admin/members/member/"))

    # A list with wrong lines, and a list with a phone that the database has; a job that fails for good.
    line = [UNIT, NAME, "女", IDENTITY[2], PHONE[2]]
    note((200, *sent_run(cadre, city, files.xlsx([HEADINGS, line, [UNIT, NAME, "男", IDENTITY[2], PHONE[0]]]))))
    path, _text = sent_run(cadre, city, files.xlsx([HEADINGS, line]))
    with stack.orm():
        make_entry(unit, name=NAME, phone=PHONE[2], identity_number=IDENTITY[2], identity_kind="resident")
    note(cadre.post(f"{path}confirm/", {}))
    for _number in range(100):
        with stack.orm():
            if not Job.objects.filter(finished_at=None).exists():
                break
        time.sleep(0.2)

    assert [status for status in statuses if status >= 500] == []
    logs = {name: stack.log(name) for name in ("web", "worker", "beat")}
    with server_log.open(encoding="utf-8", errors="replace") as lines:
        lines.seek(start)
        logs["postgres"] = lines.read()
    with stack.valkey() as link:
        logs["valkey"] = broker(link)
    # These are the right logs: each contains something from this test.
    assert "/members/new/" in logs["web"]
    assert "exchange" in logs["worker"]
    assert "members_member_identity_index" in logs["postgres"]
    assert [(name, canary) for name, text in logs.items() for canary in CANARIES if stands_in(canary, text)] == []
    named = [value for value in CANARIES if any(value in str(path) for path in stack.folder.rglob("*"))]
    assert named == []
    # The control: text that a person types into an address is in the log, except for numbers.
    for word in (LINE, IDENTITY[0]):
        Visitor(stack).get(quote(f"/{word}/"))
    assert [stands_in(word, stack.log("web")) for word in (LINE, IDENTITY[0])] == [True, False]
