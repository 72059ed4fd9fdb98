"""A full disk and a database that refuses: a sentence and its status.

Nothing is half written, and nobody is signed out. ``tests/drills/test_database_away.py`` tests a stopped database.
"""

import errno
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.core import faults
from portal.core.roles import Role
from portal.exchange.choices import ExportState
from portal.exchange.models import ExportRun, ImportRun, StoredFile
from portal.exchange.services.exports import export_request, export_write
from portal.messaging.choices import JobState
from portal.messaging.models import Job, Message
from portal.messaging.services.jobs import job_run
from portal.notices.models import NoticeFile
from tests.exchange import files
from tests.exchange.people import CODE, HEADINGS, PeopleRegister, person
from tests.factories.members import make_staff, sign_in
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
NO_ROOM = re.compile("[\u4e00-\u9fff，]{4,}。")


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path / "storage"
    settings.PRIVATE_STORAGE_DIR.mkdir()
    return settings.PRIVATE_STORAGE_DIR


@pytest.fixture
def city():
    city = make_organization(name="City A")
    make_unit(city, name="Unit A")
    return city


@pytest.fixture
def cadre(city):
    return make_staff(city, role=Role.CADRE)


@pytest.fixture
def full_disk(monkeypatch):
    """A disk on which no file can be completed."""

    def refuse(_number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)


def on_disk(storage):
    return [path for path in storage.rglob("*") if path.is_file()]


def code(number, statement):
    """Make PostgreSQL answer statements that begin with ``statement`` with a SQLSTATE.

    The test can continue afterwards.
    """

    def wrapper(execute, sql, params, many, context):
        if sql.startswith(statement):
            with transaction.atomic():
                return execute(f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{number}'; END $$", None, False, context)
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


def test_an_import_on_a_full_disk_is_507_and_leaves_nothing(client, cadre, city, storage, full_disk, monkeypatch):
    from portal.exchange.registers import registers

    monkeypatch.setitem(registers(), CODE, PeopleRegister())
    sign_in(client, cadre)
    upload = files.upload(files.xlsx([HEADINGS, person(1)]), "roster.xlsx")
    response = client.post(f"/exchange/{CODE}/", {"organization": city.pk, "file": upload})
    assert response.status_code == 507
    assert NO_ROOM.search(response.content.decode())
    assert response["Retry-After"] == "30"
    assert (ImportRun.objects.count(), StoredFile.objects.count(), Job.objects.count(), on_disk(storage)) == (
        0,
        0,
        0,
        [],
    )
    assert client.get("/me/").status_code == 200


def test_an_attachment_on_a_full_disk_is_507_and_leaves_nothing(client, cadre, city, storage, full_disk):
    notice = make_notice(city, created_by=cadre)
    sign_in(client, cadre)
    client.cookies["django_language"] = "en"
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    response = client.post(reverse("notices:notice-attach", args=[notice.pk]), {"file": upload})
    assert response.status_code == 507
    assert str(faults.NO_ROOM) in response.content.decode()
    assert (NoticeFile.objects.count(), StoredFile.objects.count(), on_disk(storage)) == (0, 0, [])


def test_an_upload_that_does_not_even_fit_while_it_comes_in_is_507(cadre, city, monkeypatch):
    """Uploads above one megabyte are in a temporary file before a view sees them."""

    def refuse(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    client = Client(raise_request_exception=False)
    notice = make_notice(city, created_by=cadre)
    sign_in(client, cadre)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", refuse)
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"x" * 2_000_000)
    response = client.post(reverse("notices:notice-attach", args=[notice.pk]), {"file": upload})
    assert response.status_code == 507


def test_an_export_on_a_full_disk_fails_in_words_and_leaves_nothing(cadre, storage, full_disk):
    run = export_request(actor=cadre, address="/members/", here=None, file_format="csv", reason="年报")
    job_run(job_id=run.job_id, work=export_write)
    run = ExportRun.objects.get(pk=run.pk)
    assert (run.state, run.summary) == (ExportState.FAILED, str(faults.NO_ROOM))
    assert (StoredFile.objects.count(), on_disk(storage)) == (0, [])
    assert Message.objects.filter(recipient=cadre, kind="exchange.export_done").count() == 1


def test_a_job_that_finds_no_room_three_times_says_why(cadre):
    job = Job.objects.create(kind="a.b", actor=cadre, about_id=1)

    def work(_job):
        raise OSError(errno.ENOSPC, "No space left on device")

    for _time in range(3):
        with pytest.raises(OSError, match="No space"):
            job_run(job_id=job.pk, work=work)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, str(faults.NO_ROOM))


@pytest.mark.parametrize(
    ("number", "status"), [("53100", 507), ("53200", 503), ("53300", 503), ("57014", 503), ("55P03", 503)]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_database_that_refuses_is_answered_in_words(client, number, status, language):
    client.cookies["django_language"] = language
    with code(number, "SELECT"):
        response = client.get("/")
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (status, "30")
    assert "no-store" in response["Cache-Control"]
    assert 'class="plain-top"' in page
    assert ('<html lang="zh-Hans"' in page) == (language == "zh-hans")
    assert bool(NO_ROOM.search(page)) == (language == "zh-hans")
    assert "Content-Security-Policy" in response.headers


def test_a_full_database_takes_no_half_of_an_attachment(client, cadre, city, storage):
    notice = make_notice(city, created_by=cadre)
    sign_in(client, cadre)
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    with code("53100", 'INSERT INTO "notices_noticefile"'):
        response = client.post(reverse("notices:notice-attach", args=[notice.pk]), {"file": upload})
    assert response.status_code == 507
    assert (NoticeFile.objects.count(), StoredFile.objects.count(), on_disk(storage)) == (0, 0, [])


def test_a_program_and_htmx_are_answered_in_their_way(client):
    with code("53300", "SELECT"):
        program = client.get("/", headers={"Accept": "application/json"})
        fragment = client.get("/", headers={"HX-Request": "true"})
    assert (program.status_code, program.json()["status"]) == (503, 503)
    assert NO_ROOM.search(program.json()["error"])
    assert fragment.status_code == 503
    assert "<html" not in fragment.content.decode()
    assert NO_ROOM.search(fragment.content.decode())
    assert program["Retry-After"] == fragment["Retry-After"] == "30"


def test_nobody_is_signed_out_by_an_outage(cadre):
    client = Client(raise_request_exception=False)
    sign_in(client, cadre)
    before = client.cookies["sessionid"].value
    with code("53300", "SELECT"):
        response = client.get("/members/")
    assert response.status_code == 503
    assert "sessionid" not in response.cookies
    assert client.cookies["sessionid"].value == before
    assert client.get("/members/").status_code == 200


def test_an_error_of_ours_stays_a_500(monkeypatch):
    def broken(*arguments):
        raise ValueError("x")

    monkeypatch.setattr("portal.web.home.blocks", broken)
    assert Client(raise_request_exception=False).get("/").status_code == 500


def test_an_outage_is_one_line_without_a_traceback(client, caplog):
    with code("53300", "SELECT"):
        client.get("/")
    told = [record for record in caplog.records if record.levelname == "ERROR"]
    words = "outage away: OperationalError 53300"
    assert [(record.getMessage(), record.exc_info) for record in told] == [(words, None)]


def test_the_control_without_the_page_an_outage_is_a_500(client, monkeypatch):
    """The control: if no error counts as coming from outside, an outage is an error of the portal again."""
    monkeypatch.setattr("portal.core.faults.kind_of", lambda error: None)
    with code("53300", "SELECT"):
        assert Client(raise_request_exception=False).get("/").status_code == 500
