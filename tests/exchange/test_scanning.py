"""Files and the virus scanner: a virus is refused, and a file is held while the scanner is away.

With a scanner set up, no uploaded file is handed out unscanned.
"""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from portal.audit.models import AuditEntry
from portal.core.checks import scanner_is_set_up
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.exchange import health, scanning, storage
from portal.exchange.choices import FileKind, RunState
from portal.exchange.models import ImportRun, StoredFile
from portal.exchange.services.files import file_store
from portal.exchange.services.imports import import_check, import_start
from portal.exchange.services.looking_through import files_look_through
from portal.messaging.models import Message
from portal.messaging.services.jobs import job_run
from portal.notices.models import NoticeFile
from tests.exchange import files
from tests.exchange.clamd import EICAR, TOO_LARGE, Scanner
from tests.exchange.people import HEADINGS, person
from tests.factories.members import make_staff, sign_in
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 "


@pytest.fixture
def scanner(settings):
    """A scanner that the settings use; they wait for it for a quarter of a second."""
    found = Scanner()
    settings.CLAMD, settings.CLAMD_SECONDS = found.address, 0.25
    yield found
    found.close()


@pytest.fixture
def cadre():
    city = make_organization()
    make_unit(city, name="Unit A")
    return make_staff(city, role=Role.CADRE)


def keep(cadre, content=PDF, kind=FileKind.DOCUMENT, content_type="application/pdf"):
    return file_store(actor=cadre, name="a.pdf", chunks=[content], kind=kind, content_type=content_type)


def got(stored):
    """Return the response that hands out a file, with its content read and the file closed."""
    response = storage.file_response(stored)
    body = b"".join(response)
    if response.streaming:
        response.file_to_stream.close()  # response.close() would also close the test's connection
    return response, body


def contents(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_without_a_scanner_files_come_in_and_the_deployment_is_warned(cadre, settings):
    assert settings.CLAMD == ""
    assert got(keep(cadre, PDF + EICAR))[1] == PDF + EICAR
    assert [warning.id for warning in scanner_is_set_up(None)] == ["core.W001"]
    assert [check.well for check in health.checks()] == [True]


def test_a_clean_file_is_handed_out(cadre, scanner):
    stored = keep(cadre, PDF * 40_000)
    assert (stored.held_since, stored.virus, scanner.asked) == (None, "", 1)
    assert got(stored)[1] == PDF * 40_000
    assert scanner_is_set_up(None) == []


def test_a_virus_is_refused_with_a_sentence_and_leaves_nothing(client, cadre, scanner, private_storage):
    notice = make_notice(cadre.organization, created_by=cadre)
    page = reverse("notices:notice-attach", args=[notice.pk])
    upload = SimpleUploadedFile("a.pdf", PDF + EICAR)
    with translation.override("en"):
        response = sign_in(client, cadre).post(page, {"file": upload}, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 422
    assert "A virus was found in this file" in response.content.decode()
    assert not NoticeFile.objects.exists()
    assert not StoredFile.objects.exists()
    assert contents(private_storage) == []


def test_what_the_portal_wrote_itself_is_not_looked_through(cadre, scanner):
    keep(cadre, EICAR, kind=FileKind.EXPORT)
    assert scanner.asked == 0


@pytest.mark.parametrize("mood", ["silent", "error", "gone"])
def test_without_an_answer_a_file_is_held_and_handed_to_nobody(cadre, scanner, settings, mood):
    scanner.mood = mood
    if mood == "gone":
        scanner.close()
        settings.CLAMD = "/nonexistent/clamd"
    document = keep(cadre)
    picture = keep(cadre, b"jpeg", kind=FileKind.PICTURE, content_type="image/jpeg")
    with pytest.raises(Conflict) as refusal:
        got(document)
    assert refusal.value.code == "file-held"
    shown, body = got(picture)
    assert (shown["Content-Type"], body) == ("image/svg+xml", storage.HELD_PICTURE)
    assert shown["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert files_look_through() == 0
    assert StoredFile.objects.held().count() == 2
    (check,) = health.checks()
    assert "2" in str(check.value)
    assert check.well == (mood == "error")  # the fake does not greet when it is silent
    StoredFile.objects.update(held_since=timezone.now() - health.LATE - timedelta(seconds=1))
    assert [check.well for check in health.checks()] == [False]


def test_a_held_file_is_handed_out_once_it_was_looked_through(cadre, scanner):
    scanner.mood = "silent"
    stored = keep(cadre)
    scanner.mood = "well"
    assert files_look_through() == 1
    stored.refresh_from_db()
    assert got(stored)[1] == PDF
    assert files_look_through() == 0


def test_a_file_the_scanner_cannot_look_through_holds_up_no_other(cadre, scanner):
    scanner.mood = "error"
    keep(cadre, PDF + TOO_LARGE)
    other = keep(cadre)
    scanner.mood = "well"
    assert files_look_through() == 1
    other.refresh_from_db()
    assert other.held_since is None
    assert StoredFile.objects.held().count() == 1


def test_a_virus_in_a_held_picture_leaves_a_sign(cadre, scanner):
    scanner.mood = "silent"
    picture = keep(cadre, EICAR, kind=FileKind.PICTURE, content_type="image/jpeg")
    scanner.mood = "well"
    files_look_through()
    picture.refresh_from_db()
    assert got(picture)[1] == storage.INFECTED_PICTURE


def test_a_virus_in_a_held_file_deletes_it_and_its_owner_is_told(
    cadre, scanner, private_storage, django_capture_on_commit_callbacks
):
    scanner.mood = "silent"
    stored = keep(cadre, PDF + EICAR)
    scanner.mood = "well"
    with django_capture_on_commit_callbacks(execute=True):
        assert files_look_through() == 1
    stored.refresh_from_db()
    assert (stored.virus, stored.held_since, contents(private_storage)) == ("Eicar-Test-Signature", None, [])
    with pytest.raises(DomainError):
        got(stored)
    message = Message.objects.get(kind="exchange.file_infected")
    assert (message.recipient, message.context) == (cadre, {"name": "a.pdf"})
    entry = AuditEntry.objects.get(action="file.infected")
    assert (entry.about_id, entry.clock) == (stored.pk, "exchange.look_through")


def start(people, cadre, data, name="roster.xlsx"):
    with translation.override("en"):
        return import_start(
            actor=cadre, organization=cadre.organization, register=people, upload=files.upload(data, name)
        )


def test_a_list_waits_for_the_scanner_and_goes_on_after_it(client, people, cadre, scanner):
    scanner.mood = "silent"
    run = start(people, cadre, files.xlsx([HEADINGS, person(1)]))
    assert run.job is None
    page = sign_in(client, cadre).get(run.get_absolute_url(), HTTP_ACCEPT_LANGUAGE="en")
    assert "still being scanned for viruses" in page.content.decode()
    assert client.get(reverse("exchange:run-part", args=[run.pk])).status_code == 200
    scanner.mood = "well"
    files_look_through()
    run = ImportRun.objects.get(pk=run.pk)
    job_run(job_id=run.job_id, work=import_check)
    assert ImportRun.objects.get(pk=run.pk).state == RunState.CHECKED_CLEAN


def test_a_list_that_waits_can_be_put_away(client, people, cadre, scanner, private_storage):
    scanner.mood = "silent"
    run = start(people, cadre, files.xlsx([HEADINGS, person(1)]))
    client = sign_in(client, cadre)
    away = reverse("exchange:run-discard", args=[run.pk])
    assert away in client.get(run.get_absolute_url()).content.decode()
    assert client.post(away).status_code == 302
    assert ImportRun.objects.get(pk=run.pk).state == RunState.DISCARDED
    scanner.mood = "well"
    assert files_look_through() == 0


def test_a_list_with_a_virus_is_put_away_unread(people, cadre, scanner):
    scanner.mood = "silent"
    run = start(people, cadre, b"Name,Sex\n" + EICAR, "roster.csv")
    scanner.mood = "well"
    files_look_through()
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.state, run.summary) == (
        RunState.UNREADABLE,
        "A virus was found in this file. Nothing was written.",
    )
    assert run.file.deleted_at is not None
    assert Message.objects.filter(kind="exchange.import_done", recipient=cadre).exists()


def test_a_socket_in_the_file_system_is_asked_too(settings, tmp_path):
    settings.CLAMD, settings.CLAMD_SECONDS = str(tmp_path / "none.ctl"), 0.1
    assert scanning.answers() is False
