"""Property 31: planted personal data leaves no trace outside the database's own columns.

Numbers, words and an address are entered at every entry point of the running portal, also in requests that fail. Then
everything that was written outside the database's own columns is read: logs of web server, worker, beat and PostgreSQL,
every key of Valkey, every row as text, text messages, letters, exports, addresses, temporary files.
"""

import io
import json
import re
import time
from collections import Counter
from email import message_from_bytes, policy
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.db import IntegrityError
from openpyxl import load_workbook

from portal.audit.services import audit_record
from portal.core.roles import Role
from portal.exchange.models import ExportRun
from portal.exchange.storage import path_of
from portal.members.models import DataRequest, Member
from portal.messaging.models import Job
from tests import clear, databases
from tests.exchange import files
from tests.factories.matchmaking import make_event, make_single
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.hostile.test_stack import HEADINGS, UNIT, broker, sent_run, stands_in
from tests.hostile.visitor import Visitor
from tests.stack import Stack

IDENTITY = [identity_number(number, born="19920229") for number in (411, 412, 413, 414)]
NAME = "示例查无此人"
PHONE = [phone_number(number) for number in (81_827_361, 81_827_362, 81_827_363, 81_827_364)]
HOME = "金丝雀路七十七号三单元"
NOTE = "金丝雀说过的隐情"
ANSWER = "金丝雀得到的答复"
LETTER = "canary-of-the-mine@example.org"
CANARIES = (*IDENTITY, *PHONE, HOME, NOTE, ANSWER, LETTER)


def of(text):
    return {canary for canary in CANARIES if stands_in(canary, text)}


@pytest.fixture
def stack(tmp_path, django_test_environment, django_db_blocker, servers_env):
    """A separate stack, with one folder for letters and another for temporary files."""
    running = Stack(servers_env, tmp_path / "stack", blocker=django_db_blocker)
    (tmp_path / "stack" / "tmp").mkdir()
    running.env |= {"DJANGO_SETTINGS_MODULE": "tests.drills.letters", "TMPDIR": str(tmp_path / "stack" / "tmp")}
    with running:
        yield running


class Doors:
    """Records the answers to HTTP requests.

    It notes their statuses, canaries in headers, and canaries on pages that must not show them.
    """

    def __init__(self):
        self.statuses, self.shown = Counter(), []

    def note(self, answer, shows=()):
        status, text, headers = answer
        self.statuses[status] += 1
        self.shown += [canary for canary in of(text) if canary not in shows]
        self.shown += list(of(str(headers)))
        return answer


def owner(stack, statement):
    link = psycopg2.connect(stack.env["DATABASE_OWNER_URL"])
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()


def wait_for(stack, done):
    for _number in range(200):
        with stack.orm():
            if done():
                return
        time.sleep(0.2)
    raise AssertionError("The worker does not come to an end.")


def letters(stack):
    """Return the contents of text messages and letters, without the recipients."""
    text = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in stack.sms_dir.glob("*.json")]
    for path in (stack.sms_dir / "mail").glob("*"):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        text.append(str(letter["Subject"]) + letter.get_body().get_content())
    return "\n".join(text)


def test_planted_values_are_found_nowhere(stack, measured):
    server_log = databases.FOLDER / "log" / "postgres.log"
    start = server_log.stat().st_size
    with stack.orm():
        root = make_province()
        city = make_organization(name="示例甲市总工会")
        unit = make_unit(city, name=UNIT)
        make_entry(unit, name=NAME, phone=PHONE[0], identity_number=IDENTITY[0], identity_kind="resident")
        single = make_single(unit, phone=PHONE[1], identity_number=IDENTITY[1], identity_kind="resident")
        event = make_event(city).get_member_url()
        desk, chair = (Visitor(stack, make_staff(city, role=role)) for role in (Role.CADRE, Role.CHAIR))
        audit, system = (
            Visitor(stack, make_staff(root, role)) for role in (Role.AUDIT_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)
        )
    doors = Doors()
    note = doors.note

    # Signing in for the first time, and failing to sign in.
    her = Visitor(stack)
    note(her.post("/sign-in/", {"phone": PHONE[0]}))
    sent = [json.loads(path.read_text(encoding="utf-8")) for path in stack.sms_dir.glob("*.json")]
    code = re.search(r"\b\d{6}\b", next(one["text"] for one in sent if one["phone"] == PHONE[0]))[0]
    note(her.post("/sign-in/code/", {"code": code}))
    note(her.post("/sign-in/first/", {"name": IDENTITY[0]}), shows=IDENTITY[:1])
    note(her.post("/sign-in/first/", {"name": NAME}))
    for wrong in (PHONE[2], IDENTITY[2], HOME):
        page = Visitor(stack).post("/sign-in/staff/", {"login_name": wrong, "password": wrong})
        note(page, shows=[wrong])
        note(Visitor(stack).ask("POST", "/sign-in/", f"phone={quote(wrong)}%00"))

    # The member's own pages: words, an address, a letter, a file of their own data.
    mine = Visitor(stack, single)
    words = f"{NOTE}，我住{HOME}，电话 {PHONE[1]}"
    note(mine.post("/me/requests/correct/", {"words": words}))
    note(mine.post("/me/requests/correct/", {"words": words}), shows=[NOTE, HOME, PHONE[1]])
    note(mine.post("/messages/mailbox/", {"address": LETTER}))
    note(mine.post("/messages/mailbox/", {"address": LETTER + "@"}), shows=[LETTER])
    note(mine.post("/me/data/", {"form": "json"}), shows=CANARIES)
    for line in (f"爱爬山 {PHONE[1]}", "爱爬山"):
        note(mine.post(event + "join/", {"line": line, "agree": "on"}, page="/me/"), shows=[PHONE[1]])
    for path in ("/me/", "/me/readers/", "/messages/", "/", event):
        note(mine.get(path), shows=[NOTE, LETTER])

    # The staff pages: look-up, details, a new entry, an answer.
    for term in (IDENTITY[1], PHONE[1]):
        found = note(desk.post("/members/find/", {"term": term}, page="/members/"))
        note(desk.get(found[2]["Location"]), shows=[term])
        found = note(system.post("/admin/members/member/find/", {"term": term}, page="/admin/members/member/"))
        note(system.get("/admin/members/member/"), shows=[term])
    entry = f"/members/{single.pk}/"
    for field, value in (("phone", PHONE[1]), ("identity_number", IDENTITY[1])):
        look = {"reason": "law", "note": f"{value} 因为"}
        note(desk.post(f"{entry}reveal/{field}/", look), shows=[value])
        note(desk.post(f"{entry}reveal/{field}/", look | {"reason": "x"}), shows=[value])
    fields = {
        "organization": unit.pk, "name": "示例新", "sex": "male" if int(IDENTITY[2][16]) % 2 else "female",
        "identity_number": IDENTITY[2], "phone": PHONE[2], "marital_status": "single",
    }  # fmt: skip
    typed = (IDENTITY[2], IDENTITY[2][:-1], PHONE[2])
    note(desk.post("/members/new/", fields | {"phone": PHONE[2] + "1"}), shows=typed)
    note(desk.post("/members/new/", fields))
    note(desk.post("/members/new/", fields), shows=typed)
    note(
        desk.post(f"{entry}edit/", {"name": "示例", "marital_status": "single", "version": 9, "phone": PHONE[3]}),
        PHONE[3:],
    )
    with stack.orm():
        asked = DataRequest.objects.get()
    note(chair.get(f"/members/requests/{asked.pk}/"), shows=[NOTE, HOME, PHONE[1]])
    note(chair.post(f"/members/requests/{asked.pk}/settle/", {"outcome": "done", "answer": ANSWER}))
    note(mine.get(f"/members/requests/{asked.pk}/"), shows=[NOTE, HOME, PHONE[1], ANSWER])
    for path in ("/", "/members/", entry, "/members/requests/", "/messages/", "/exchange/runs/"):
        note(chair.get(path))
    for path in ("/audit/", "/admin/audit/auditentry/", "/admin/"):
        note(audit.get(path))

    # Imports and exports of lists.
    line = [UNIT, "示例入", "女", IDENTITY[3], PHONE[3]]
    note((200, *sent_run(desk, city, files.xlsx([HEADINGS, line, [UNIT, "示例", "男", IDENTITY[3], PHONE[1]]]))))
    run, _page = sent_run(desk, city, files.xlsx([HEADINGS, line]))
    exports = []
    for form in ("csv", "xlsx"):
        note(chair.post("/exchange/out/new/?list=/members/", {"format": form, "reason": f"年报 {PHONE[1]}"}))
    wait_for(stack, lambda: not Job.objects.filter(finished_at=None).exists())
    with stack.orm():
        for made in ExportRun.objects.all():
            _status, text, _headers = note(chair.post(f"/exchange/out/{made.pk}/download/", {}, page="/me/"))
            exports.append(text if made.format == "csv" else files_text(path_of_in(stack, made)))

    # What fails: a task, a constraint of the database, a page that cannot write its audit entry.
    owner(stack, "REVOKE INSERT ON members_member FROM portal_app")
    note(desk.post(f"{run}confirm/", {}))
    wait_for(stack, lambda: not Job.objects.filter(finished_at=None, attempts=0).exists())
    note(desk.post("/members/new/", fields | {"identity_number": IDENTITY[3], "phone": PHONE[3], "sex": "female"}))
    owner(stack, "GRANT INSERT ON members_member TO portal_app")
    with stack.orm():
        one, other = Member.objects.exclude(identity_index=None).order_by("pk")[:2]
        with pytest.raises(IntegrityError):
            Member.objects.filter(pk=other.pk).update(identity_index=one.identity_index)
    owner(stack, "REVOKE INSERT ON audit_auditentry FROM portal_app")
    note(desk.post(f"{entry}reveal/phone/", {"reason": "law", "note": f"{PHONE[1]}"}))
    note(mine.post("/me/requests/delete/", {"words": words}))
    note(mine.post("/me/data/", {"form": "json"}))
    assert doors.statuses[500] >= 4
    owner(stack, "GRANT INSERT ON audit_auditentry TO portal_app")
    time.sleep(3)

    def logs():
        with server_log.open(encoding="utf-8", errors="replace") as lines:
            lines.seek(start)
            found = {"postgres": lines.read()}
        return found | {name: stack.log(name) for name in ("web", "worker", "beat")}

    def places():
        with stack.orm(), stack.valkey() as link:
            found = {**logs(), "valkey": broker(link), "rows": clear.in_database()}
        found["names of files"] = "\n".join(str(path) for path in stack.folder.rglob("*"))
        left = [path for path in (stack.folder / "tmp").rglob("*") if path.is_file()]
        found["temporary files"] = "\n".join(path.read_bytes().decode(errors="replace") for path in left)
        return found | {"letters": letters(stack), "exports": "\n".join(exports)}

    read = places()
    for name, mark in (
        ("web", "server error"),
        ("worker", "exchange"),
        ("postgres", "members_member"),
        ("rows", "示例甲厂"),
    ):
        assert mark in read[name], name
    assert len(exports) == 2
    assert all("120****" in text for text in exports)
    measured(
        requests=doors.statuses.total(),
        statuses=dict(sorted(doors.statuses.items())),
        read={name: len(text) for name, text in read.items()},
        hits={name: len(of(text)) for name, text in read.items()},
        shown=len(doors.shown),
    )
    hits = {name: of(text) for name, text in read.items() if of(text)}
    assert (doors.shown, hits) == ([], {}), (doors.shown, hits)

    # The planted failure: the same search finds text that was written where it does not belong.
    Visitor(stack).get(quote(f"/{NOTE}/"))
    with stack.orm(), stack.valkey() as link:
        audit_record(actor=None, action="test.leak", note=HOME)
        link.set("canary", PHONE[1])
    (stack.folder / "tmp" / "left").write_text(IDENTITY[0], encoding="utf-8")
    found = {name: of(text) for name, text in places().items() if of(text)}
    measured(planted={name: len(words) for name, words in found.items()})
    assert found == {"web": {NOTE}, "rows": {HOME}, "valkey": {PHONE[1]}, "temporary files": {IDENTITY[0]}}


def path_of_in(stack, run):
    """Return the path at which the stack keeps the file of an export."""
    return stack.folder / "storage" / path_of(run.file.key).relative_to(settings.PRIVATE_STORAGE_DIR)


def files_text(path):
    """Return all cells of a workbook."""
    sheets = load_workbook(io.BytesIO(path.read_bytes())).worksheets
    return "\n".join(str(value) for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row)
