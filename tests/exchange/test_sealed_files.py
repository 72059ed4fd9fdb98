"""Sealed files: encrypted on the disk, bound to their row, named nowhere in clear, scanned without a clear copy."""

import hashlib
import io
import logging
import os

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from PIL import Image

from portal.audit.models import AuditEntry
from portal.core.backups import backup_make, backup_restore
from portal.core.errors import Conflict, DomainError
from portal.core.sealing import key_pair
from portal.core.streams import CHUNK
from portal.exchange import storage
from portal.exchange.evidence import COPY_EDGE, MAX_BYTES
from portal.exchange.models import StoredFile
from portal.exchange.services.files import evidence_keep, file_empty, file_keep, file_name
from portal.exchange.services.looking_through import files_look_through
from portal.exchange.services.sweeping import files_sweep
from portal.exchange.uploads import SealedUploadMixin
from portal.messaging.models import Message
from portal.web.forms import PortalForm
from portal.web.views import FormPageView
from tests import clear, databases
from tests.core.test_backups import empty_database as empty_database  # a fixture
from tests.exchange import files
from tests.exchange.clamd import EICAR, Scanner
from tests.factories.members import make_member
from tests.factories.organizations import make_organization

OLD, NEW = "11" * 16, "22" * 16
NAME, WORDS = "孕检 报告（2）.pdf", b"%PDF-1.7 CANARY-OF-THE-CONTENT "
DOCX = files.with_member(b"", "word/document.xml", "<w/>")
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 20 * 1024 * 1024]


@pytest.fixture
def case(db):
    """The row that files belong to; any row will do."""
    return make_organization()


@pytest.fixture
def scanner(settings):
    found = Scanner()
    settings.CLAMD, settings.CLAMD_SECONDS = found.address, 0.25
    yield found
    found.close()


def keep(owner, content=WORDS, name=NAME, **fields):
    row = {"actor": None, "content_type": "application/pdf", **fields}
    return file_keep(sealed_for=owner, name=name, chunks=[content], **row)


def got(stored, owner, **options):
    """Return the response with its content; the stored row is loaded anew."""
    response = storage.file_response(StoredFile.objects.get(pk=stored.pk), owner=owner, **options)
    body = b"".join(response)
    if response.streaming:
        response.file_to_stream.close()  # response.close() would also close the test's connection
    return response, body


def refused(stored, owner, code="file-damaged"):
    with pytest.raises(DomainError) as refusal:
        got(stored, owner)
    assert refusal.value.code == code


def on_disk(stored):
    return storage.path_of(stored.key)


def findings(stored):
    return AuditEntry.objects.filter(action="file.damaged", about_id=stored.pk).count()


@pytest.mark.parametrize("size", SIZES)
def test_what_is_kept_comes_back(case, size):
    content = os.urandom(size)
    stored = keep(case, content)
    response, body = got(stored, case)
    assert body == content
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert response["Content-Length"] == str(size)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert findings(stored) == 0


def test_neither_content_nor_name_is_anywhere_in_clear(case, private_storage, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    stored = keep(case, WORDS * 5000, actor=make_member())
    got(stored, case)
    for name in (NAME, NAME.encode().hex(), "孕检", "CANARY"):
        assert name not in clear.in_database()
        assert name not in caplog.text
    assert "孕检" not in "".join(capfd.readouterr())
    found = [path for path in private_storage.rglob("*") if path.is_file()]
    assert found == [on_disk(stored)]
    assert b"CANARY" not in found[0].read_bytes()
    assert (stored.name, stored.shown_name, str(stored)) == ("", NAME, f"File {stored.pk}")


def test_the_name_comes_back_as_rfc_5987_asks(case):
    assert got(keep(case), case)[0]["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%AD%95%E6%A3%80%20%E6%8A%A5%E5%91%8A%EF%BC%882%EF%BC%89.pdf"
    )
    twice = keep(case, b"another")
    assert got(twice, case)[1] == b"another"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("孕检 报告（2）.JPG", "孕检 报告（2）.JPG"),
        ("问：谁／何时？.pdf", "问：谁／何时？.pdf"),
        ("", "file"),
        ("...", "file"),
        ("../../etc/passwd", "etc passwd"),
        ("C:\\x\\a.pdf", "C x a.pdf"),
        ("CON.pdf", "file.pdf"),
        ("lpt1", "file"),
        ("aux.tar.gz", "file.gz"),
        ("photo\u202egpj.exe", "photo gpj.exe"),
        ("photo\u2067gpj.exe", "photogpj.exe"),
        ("a\r\nX: y.pdf", "a X y.pdf"),
        ("report.pdf. ", "report.pdf"),
        ("x" * 200 + ".docx", "x" * 95 + ".docx"),
        ("x" * 200, "x" * 100),
    ],
)
def test_a_dangerous_name_is_replaced_and_the_ending_stays(given, kept):
    assert file_name(given) == kept


def test_a_file_opens_for_its_row_alone(case, caplog):
    stored = keep(case)
    refused(stored, make_organization())
    assert findings(stored) == 1
    assert f"sealed file {stored.pk} does not open" in caplog.text
    refused(stored, make_member())
    assert got(stored, case)[1] == WORDS


def test_a_sealed_file_is_not_sent_without_its_row(case):
    with pytest.raises(TypeError):
        storage.file_response(keep(case))


def changed(stored, **columns):
    """Change columns of the row as somebody may who has the database but no key."""
    StoredFile.objects.filter(pk=stored.pk).update(**columns)


def column(stored, name):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM exchange_storedfile WHERE id = %s", [stored.pk])
        return bytes(cursor.fetchone()[0])


def set_column(stored, name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE exchange_storedfile SET {name} = %s WHERE id = %s", [value, stored.pk])


def content_alone(stored, other):
    on_disk(other).write_bytes(on_disk(stored).read_bytes())


def content_and_key(stored, other):
    content_alone(stored, other)
    set_column(other, "content_key", column(stored, "content_key"))


@pytest.mark.parametrize("move", [content_alone, content_and_key])
def test_content_moved_to_another_file_of_the_same_row_is_found(case, move):
    stored, other = keep(case), keep(case, b"other")
    move(stored, other)
    refused(other, case)
    assert findings(other) == 1
    assert got(stored, case)[1] == WORDS


def test_a_file_given_to_another_row_in_the_database_is_found(case):
    stored, stranger = keep(case), make_organization()
    changed(stored, about_id=stranger.pk)
    refused(stored, stranger)
    assert findings(stored) == 1


@pytest.mark.parametrize("name", ["content_key", "sealed_name"])
def test_a_key_or_name_of_another_file_is_found(case, name):
    stored, other = keep(case), keep(case, b"other")
    set_column(other, name, column(stored, name))
    refused(other, case)
    assert findings(other) == 1


@pytest.mark.parametrize("place", [0, 6, 12, 40, -1])
def test_a_changed_byte_is_found(case, place):
    stored = keep(case, WORDS * 100)
    content = bytearray(on_disk(stored).read_bytes())
    content[place] ^= 1
    on_disk(stored).write_bytes(content)
    refused(stored, case)
    assert findings(stored) == 1


@pytest.mark.parametrize("kept", [0, 11, 12, 100, CHUNK + 28])
def test_a_cut_file_is_found(case, kept):
    stored = keep(case, WORDS * 5000)
    on_disk(stored).write_bytes(on_disk(stored).read_bytes()[:kept])
    refused(stored, case)


def test_a_change_further_on_is_found_when_it_is_reached(case, caplog):
    stored = keep(case, bytes(3 * CHUNK))
    content = on_disk(stored).read_bytes()
    on_disk(stored).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    response = storage.file_response(stored, owner=case)
    with pytest.raises(Exception, match="does not open"):
        b"".join(response)
    response.file_to_stream.close()
    assert findings(stored) == 1


def test_a_file_in_clear_put_in_its_place_is_found(case):
    stored = keep(case)
    on_disk(stored).write_bytes(WORDS)
    refused(stored, case)


def test_with_another_key_nothing_opens(case, settings):
    stored = keep(case)
    settings.FIELD_KEYS = f"{settings.FIELD_KEYS.partition(':')[0]}:{NEW}"
    refused(stored, case)
    assert findings(stored) == 1


def test_the_keys_are_wrapped_anew_and_the_content_stays(case, settings):
    settings.FIELD_KEYS = f"old:{OLD}"
    stored = keep(case)
    before = on_disk(stored).read_bytes()
    settings.FIELD_KEYS = f"old:{OLD},new:{NEW}"
    out = io.StringIO()
    call_command("rotate_field_keys", stdout=out, stderr=out)
    assert "exchange.StoredFile.content_key: 1 written anew" in out.getvalue()
    assert "exchange.StoredFile.sealed_name: 1 written anew" in out.getvalue()
    settings.FIELD_KEYS = f"new:{NEW}"
    assert got(stored, case)[1] == WORDS
    assert StoredFile.objects.get(pk=stored.pk).shown_name == NAME
    assert on_disk(stored).read_bytes() == before


def test_the_scanner_sees_the_content_and_a_clean_file_says_when(case, scanner):
    stored = keep(case, WORDS * 5000)
    assert (stored.held_since, stored.virus, scanner.asked) == (None, "", 1)
    assert stored.scanned_at is not None
    assert got(stored, case)[1] == WORDS * 5000


def test_without_a_scanner_a_file_is_not_called_scanned(case):
    assert keep(case).scanned_at is None


def test_a_virus_in_evidence_is_kept_and_not_opened_by_one_click(case, scanner):
    stored = keep(case, WORDS + EICAR)
    assert (stored.virus, stored.held_since) == ("Eicar-Test-Signature", None)
    refused(stored, case, "file-infected")
    response, body = got(stored, case, infected=True)
    assert body == WORDS + EICAR
    assert response["Content-Disposition"].startswith("attachment")
    assert EICAR not in on_disk(stored).read_bytes()


@pytest.mark.parametrize("content", [WORDS, WORDS + EICAR])
def test_a_held_file_stays_encrypted_until_it_is_scanned(case, scanner, content):
    scanner.mood = "silent"
    stored = keep(case, content)
    assert stored.held_since is not None
    with pytest.raises(Conflict):
        got(stored, case)
    with pytest.raises(Conflict):
        got(stored, case, infected=True)
    assert b"CANARY" not in on_disk(stored).read_bytes()
    scanner.mood = "well"
    assert files_look_through() == 1
    stored.refresh_from_db()
    assert stored.held_since is None
    assert stored.scanned_at is not None
    if stored.virus:
        refused(stored, case, "file-infected")
        assert AuditEntry.objects.filter(action="file.infected", about_id=stored.pk).exists()
        assert not Message.objects.exists()
    assert got(stored, case, infected=bool(stored.virus))[1] == content


def test_a_held_file_that_was_changed_holds_up_no_other(case, scanner, left_out):
    scanner.mood = "silent"
    changed_one, _other = keep(case), keep(case)
    on_disk(changed_one).write_bytes(b"x")
    scanner.mood = "well"
    assert files_look_through() == 1
    assert list(StoredFile.objects.held()) == [changed_one]
    assert len(left_out) == 1


def test_deleting_destroys_key_and_name(case, django_capture_on_commit_callbacks):
    stored = keep(case)
    copy = on_disk(stored).read_bytes()
    with django_capture_on_commit_callbacks() as callbacks:
        file_empty(stored=stored)
    refused(stored, case, "file-gone")
    callbacks[0]()
    assert not on_disk(stored).exists()
    on_disk(stored).write_bytes(copy)  # as from an old copy of the files
    refused(stored, case, "file-gone")
    stored.refresh_from_db()
    assert (stored.content_key, stored.sealed_name, stored.shown_name) == (None, None, "")
    assert stored.sha256 == hashlib.sha256(WORDS).hexdigest()


def test_what_was_rolled_back_is_swept(case, monkeypatch):
    def stop(*args, **kwargs):
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        stored = keep(case)
        stop()
    monkeypatch.setattr(storage, "keys_older_than", lambda seconds: [stored.key])
    assert files_sweep() == 1
    assert not on_disk(stored).exists()


def test_a_file_that_cannot_be_recorded_leaves_nothing(case, private_storage, monkeypatch):
    monkeypatch.setattr(StoredFile, "save", lambda *args, **kwargs: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        keep(case)
    assert [found for found in private_storage.rglob("*") if found.is_file()] == []


@pytest.mark.parametrize(
    "columns",
    [{"about_id": None}, {"about_model": ""}, {"name": "a.pdf"}, {"content_key": None}, {"sealed_name": None}],
)
def test_the_database_refuses_half_sealed_rows(case, columns):
    stored = keep(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        changed(stored, **columns)


def photo(size=(3000, 1500), kind="JPEG"):
    """Return a picture with a camera and a place in its metadata."""
    exif = Image.Exif()
    exif[0x010F] = "Canary camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 45.0, 0.0), 3: "E", 4: (126.0, 38.0, 24.0)})
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, exif=exif)
    return out.getvalue()


def sent(case, content, name="孕检.JPG"):
    return evidence_keep(actor=None, sealed_for=case, upload=SimpleUploadedFile(name, content))


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "JPG"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_is_kept_as_it_came_and_shown_without_metadata(case, kind, ending):
    data = photo(kind=kind)
    assert b"Canary camera" in data
    stored = sent(case, data, f"孕检.{ending}")
    response, body = got(stored, case)
    assert body == data
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert response["Content-Disposition"].startswith("attachment")
    assert stored.may_hide_data
    copy = stored.preview
    shown, body = got(copy, case)
    assert (shown["Content-Type"], shown["Content-Disposition"][:6]) == ("image/jpeg", "inline")
    assert copy.shown_name == "孕检.jpg"
    assert not copy.may_hide_data
    picture = Image.open(io.BytesIO(body))
    assert (picture.format, picture.size) == ("JPEG", (COPY_EDGE, COPY_EDGE // 2))
    assert dict(picture.getexif()) == {}
    assert b"anary" not in body
    assert b"\xff\xd8\xff" not in on_disk(copy).read_bytes()


def test_the_copy_is_bound_to_the_row_and_deleted_with_the_original(case, django_capture_on_commit_callbacks):
    stored = sent(case, photo())
    refused(stored.preview, make_organization())
    with django_capture_on_commit_callbacks(execute=True):
        file_empty(stored=stored)
    assert StoredFile.objects.get(pk=stored.pk).preview is None
    assert not on_disk(stored).exists()
    assert not on_disk(stored.cleaned).exists()


def test_a_large_photograph_of_a_phone_is_taken(case):
    out = io.BytesIO()
    Image.effect_noise((4000, 3000), 120).convert("RGB").save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 8 * 1024 * 1024
    stored = sent(case, out.getvalue())
    assert stored.preview is not None
    assert stored.size == len(out.getvalue())


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(50), "image/heic"),
        ("broken.jpg", b"\xff\xd8\xff" + bytes(50), "image/jpeg"),
        ("a.pdf", files.PDF, "application/pdf"),
        ("a.mp3", b"ID3" + bytes(50), "audio/mpeg"),
        ("a.m4a", b"\x00\x00\x00\x18ftypM4A " + bytes(50), "audio/mp4"),
        ("a.amr", b"#!AMR\n" + bytes(50), "audio/amr"),
        ("a.wav", b"RIFF\0\0\0\0WAVE" + bytes(50), "audio/wav"),
        ("a.docx", DOCX, None),
    ],
)
def test_other_evidence_is_a_download_without_a_copy(case, name, content, content_type):
    stored = sent(case, content, name)
    assert content_type in (None, stored.content_type)
    assert (stored.preview, stored.may_hide_data) == (None, True)
    response, body = got(stored, case)
    assert body == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "wrong-kind"),
        ("a", b"x", "wrong-kind"),
        ("a.html", b"<html>", "wrong-kind"),
        ("a.svg", b"<svg/>", "wrong-kind"),
        ("a.jpg", b"MZ", "name-and-content"),
        ("a.pdf", b"<html>", "name-and-content"),
        ("a.mp4", b"MZ" + bytes(20), "name-and-content"),
        ("a.docx", b"PK", "name-and-content"),
        (
            "a.docx",
            files.with_member(files.with_member(b"", "word/document.xml", ""), "word/vbaProject.bin", ""),
            "macros",
        ),
        ("a.pdf", b"%PDF-" + bytes(MAX_BYTES), "too-heavy"),
    ],
)
def test_what_is_no_evidence_is_refused_and_leaves_nothing(case, private_storage, name, content, code):
    with pytest.raises(DomainError) as refusal:
        sent(case, content, name)
    assert refusal.value.code == code
    assert not StoredFile.objects.exists()
    assert [found for found in private_storage.rglob("*") if found.is_file()] == []


class SendForm(PortalForm):
    """A form with a file."""


class SendView(SealedUploadMixin, FormPageView):
    form_class = SendForm

    def post(self, request, *args, **kwargs):
        (upload,) = request.FILES.values()
        return HttpResponse(f"{type(upload) is InMemoryUploadedFile} {upload.size}")


class ClearView(FormPageView):
    form_class = SendForm
    post = SendView.post


urlpatterns = [path("send/", SendView.as_view()), path("clear/", ClearView.as_view())]


def test_an_upload_is_never_written_to_the_disk_in_clear(rf, settings):
    size = settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1

    def answer(view):
        request = rf.post("/", {"file": SimpleUploadedFile("a.pdf", bytes(size))})
        request._dont_enforce_csrf_checks = True
        request.user = None
        response = view.as_view()(request)
        for upload in request.FILES.values():
            upload.close()
        return response.content.decode()

    class Plain(SendView):
        shell = None

    class Stock(ClearView):
        shell = None

    assert answer(Plain) == f"True {size}"
    assert answer(Stock) == f"False {size}"


@pytest.mark.django_db
def test_the_upload_page_still_checks_where_a_form_comes_from(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    settings.CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
    SendView.shell = None
    client = Client(enforce_csrf_checks=True)
    assert client.post("/send/", {"file": SimpleUploadedFile("a.pdf", b"x")}).status_code == 403
    client.cookies["csrftoken"] = "a" * 32
    sent_with = {"file": SimpleUploadedFile("a.pdf", b"x"), "csrfmiddlewaretoken": "a" * 32}
    assert client.post("/send/", sent_with).content == b"True 1"


def test_a_restored_backup_opens_the_file(fresh_database, empty_database, tmp_path, settings):
    private, public = key_pair()
    case = make_organization()
    stored = keep(case, WORDS * 5000)
    folder, there = tmp_path / "backup", tmp_path / "restored"
    backup_make(folder, url=os.environ["DATABASE_OWNER_URL"], storage=settings.PRIVATE_STORAGE_DIR, public_keys=public)
    with databases.default_connection(empty_database):
        backup_restore(folder, url=empty_database, storage=there, private_keys=private)
        settings.PRIVATE_STORAGE_DIR = there
        body = got(stored, case)[1]
    assert body == WORDS * 5000
