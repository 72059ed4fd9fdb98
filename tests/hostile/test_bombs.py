"""Property 39 at the running portal: input that is too large or not what it claims is refused.

The next request is answered normally.
"""

import contextlib
import io
import re
import time
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from portal.core.roles import Role
from portal.exchange.models import StoredFile
from tests.exchange import files
from tests.factories.matchmaking import make_event, make_single
from tests.factories.members import make_staff
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_unit
from tests.hostile.visitor import Visitor

MOST_MEGABYTES = 300
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def picture(kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, kind)
    return out.getvalue()


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("../../evil.txt", "x")
    return out.getvalue()


# What is not a picture, sheet or document, whatever its name; some begin or end like one.
IMPOSTORS = {
    "svg": (SVG, "a.svg"),
    "svg as jpeg": (SVG, "a.jpg"),
    "page as picture": (b"<!DOCTYPE html><script>alert(1)</script>", "a.png"),
    "script that begins like a picture": (b"GIF89a/*" + b" " * 200 + b"*/=1;alert(1)", "a.gif"),
    "huge picture": (files.png_header(50_000, 50_000), "a.png"),
    "archive": (archive(), "a.zip"),
    "archive as document": (archive(), "a.docx"),
    "picture with an archive behind": (files.png_header(100, 100) + archive(), "a.xlsx"),
    "bomb": (files.zip_bomb(), "a.xlsx"),
    "empty": (b"", "a.pdf"),
    "path": (SVG, "../../../../tmp/evil.svg"),
    "path of Windows": (SVG, "..\\..\\evil.svg"),
}


@pytest.fixture(scope="module")
def doors(stack):
    """Return {form that takes a file: (visitor, path, other fields, name of the file field)}."""
    with stack.orm():
        city = make_organization(name="示例甲市总工会")
        cadre = make_staff(city, Role.CADRE)
        single = make_single(make_unit(city))
        notice = make_notice(city, created_by=cadre)
        event = make_event(city)
    desk = Visitor(stack, cadre)
    return {
        "list": (desk, "/exchange/members.roster/", {"organization": city.pk}, "file"),
        "notice": (desk, f"/notices/desk/{notice.pk}/attach/", {}, "file"),
        "photo": (Visitor(stack, single), event.get_member_url() + "join/", {"line": "x", "agree": "on"}, "photo"),
    }


def megabytes(stack):
    """Return the largest resident memory of the stack's web processes, in MB."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"127.0.0.1:{stack.port}".encode() in (process / "cmdline").read_bytes():
                found.append(int(re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())[1]) / 1024)
    return max(found)


def assert_well(stack, begun):
    assert time.monotonic() - begun < 20
    assert Visitor(stack).get("/healthz")[:2] == (200, "ok")
    assert megabytes(stack) < MOST_MEGABYTES


@pytest.mark.parametrize("what", IMPOSTORS)
def test_an_impostor_is_refused_at_every_door(stack, doors, what):
    data, name = IMPOSTORS[what]
    begun = time.monotonic()
    with stack.orm():
        before = StoredFile.objects.count()
    for visitor, path, fields, field in doors.values():
        status, _text, _headers = visitor.upload(path, fields, name, data, field=field, page="/me/")
        # The form asks for a photograph but does not require one: an empty file counts as none.
        assert status == 422 or (field, what) == ("photo", "empty")
    with stack.orm():
        assert StoredFile.objects.count() == before
    assert not [path for path in stack.folder.rglob("*") if "evil" in path.name]
    assert not Path("/tmp/evil.svg").exists()
    assert_well(stack, begun)


def test_a_true_document_is_taken_and_a_picture_loses_what_hangs_on(stack, doors):
    """A real document is accepted, and a picture loses what is appended to it.

    The control: the forms accept the files they are for.
    """
    visitor, path, fields, field = doors["notice"]
    assert visitor.upload(path, fields, "a.pdf", files.PDF, field=field, page="/me/")[0] == 302
    visitor, path, fields, field = doors["photo"]
    assert visitor.upload(path, fields, "a.jpg", picture() + archive(), field=field, page="/me/")[0] == 302
    with stack.orm():
        kept = StoredFile.objects.latest("pk")
    (stored,) = (stack.folder / "storage").rglob(kept.key)
    assert b"evil" not in stored.read_bytes()


BODIES = {
    "10,000 fields": "&".join(f"f{number}=1" for number in range(10_000)),
    "5 MB in a field": "phone=" + "1" * 5_000_000,
    "a name of 5 MB": "1" * 5_000_000 + "=phone",
    "a million signs": "&" * 1_000_000,
}


@pytest.mark.parametrize("body", BODIES)
def test_a_form_that_is_too_much_is_refused(stack, body):
    begun = time.monotonic()
    head = f"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM['Content-Type']}\r\n"
    head += f"Content-Length: {len(BODIES[body])}\r\n\r\n"
    # The answer may come before everything is sent.
    status, _sent = Visitor(stack).bare(head.encode(), [BODIES[body].encode()])
    assert status in (400, 403, 413)
    assert_well(stack, begun)


@pytest.mark.django_db
def test_without_the_limits_it_reaches_the_form(settings):
    """Without the limits the body reaches the form.

    The planted failure: no limits, and the same bodies are read to their end.
    """
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    for name in ("10,000 fields", "5 MB in a field"):
        answer = Client().post("/sign-in/", BODIES[name], content_type=FORM["Content-Type"])
        assert answer.status_code == 422
