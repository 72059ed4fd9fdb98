"""Property 40, files: the real clamd, killed, stopped and restarted.

It has one signature of its own (the EICAR test file). Needs clamd (``apt-get install clamav-daemon``). The signature is
in the database of this run: no virus definitions are loaded, and none are needed to see whether the portal asks the
scanner and obeys it.
"""

import io
import os
import shutil
import signal
import subprocess
import time
import zipfile

import pytest

from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.exchange import scanning, storage
from portal.exchange.choices import FileKind
from portal.exchange.models import StoredFile
from portal.exchange.services.files import file_store
from portal.exchange.services.looking_through import files_look_through
from tests.exchange.clamd import EICAR
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 "
PATIENCE = 30


class Clamd:
    """The scanner as a process; ``start`` may be called again after it was killed."""

    def __init__(self, folder):
        self.folder = folder
        self.socket = folder / "clamd.ctl"
        (folder / "db").mkdir()
        (folder / "db" / "drill.ndb").write_text(f"Drill.Eicar:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"LocalSocket {self.socket}\nDatabaseDirectory {folder / 'db'}\nForeground yes\n"
            f"LogFile {folder / 'clamd.log'}\nStreamMaxLength 26M\n"
        )
        self.process = None

    def start(self):
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["clamd", "-c", str(self.folder / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while not (self.socket.exists() and scanning.answers()):
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError((self.folder / "clamd.log").read_text()[-2000:])
            time.sleep(0.1)

    def send(self, number):
        os.kill(self.process.pid, number)

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def clamd(settings, tmp_path):
    if shutil.which("clamd") is None:
        raise AssertionError("clamd is not installed: apt-get install clamav-daemon")
    settings.PRIVATE_STORAGE_DIR = tmp_path / "storage"
    settings.PRIVATE_STORAGE_DIR.mkdir()
    found = Clamd(tmp_path)
    settings.CLAMD, settings.CLAMD_SECONDS = str(found.socket), 1
    found.start()
    yield found
    found.kill()


def packed(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return out.getvalue()


def test_refused_held_and_looked_through(clamd, measured):
    cadre = make_staff(make_organization(), role=Role.CADRE)

    def keep(content):
        return file_store(
            actor=cadre, name="a.pdf", chunks=[content], kind=FileKind.DOCUMENT, content_type="application/pdf"
        )

    begun = time.monotonic()
    assert keep(PDF + b"x" * 20_000_000).held_since is None
    large = time.monotonic() - begun
    for infected in (PDF + EICAR, packed(EICAR)):
        with pytest.raises(DomainError) as refusal:
            keep(infected)
        assert refusal.value.code == "infected"

    clamd.send(signal.SIGSTOP)
    begun = time.monotonic()
    while_stopped = keep(PDF)
    stopped = time.monotonic() - begun
    clamd.send(signal.SIGCONT)
    clamd.kill()
    begun = time.monotonic()
    clean, infected = keep(PDF), keep(packed(EICAR))
    killed = time.monotonic() - begun
    for stored in (while_stopped, clean, infected):
        assert stored.held_since is not None
        with pytest.raises(Conflict):
            storage.file_response(stored)
    assert files_look_through() == 0

    clamd.start()
    assert files_look_through() == 3
    assert not StoredFile.objects.held().exists()
    assert {row.virus for row in (while_stopped, clean, infected) if row.refresh_from_db() is None} == {
        "",
        "Drill.Eicar.UNOFFICIAL",
    }
    assert storage.path_of(clean.key).read_bytes() == PDF
    measured(megabytes_20=f"{large:.2f} s", stopped=f"{stopped:.2f} s", killed_two=f"{killed:.2f} s")
