"""Property 79: the database and its disk are lost while people write.

After the recovery less than a minute is missing. The cluster archives by the shipped
deploy/postgresql/portal-archive.conf, with the folders of this machine in place of the guide's. The disk is lost just
before the next segment would have been archived: the worst moment. The planted failure: the same with a log that is
archived only when a segment is full.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from deploy.archive import BASE
from deploy.servers import cluster
from deploy.servers.files import ServersError, read_state
from deploy.servers.processes import server_pid
from deploy.servers.users import clean_env, runs, server_user
from portal.core import sealing
from tests.databases import ROOT
from tests.drills.test_database_killed import children_of, wait_until

WORST = 43  # seconds after a segment went out; the next is due at 45
PACKAGES = Path(sealing.pyrage.__file__).parents[1]


def interpreter(user):
    """Return a Python that the server's user may run.

    The packages of this Python are on its path.
    """
    for program in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        command = ["env", f"PYTHONPATH={PACKAGES}", program, "-c", "import pyrage, celery, django"]
        if runs(command, user):
            return program
    pytest.skip("the user of the server can run no Python that has the portal's packages")
    return None


class Place:
    """A separate cluster with the portal's database.

    The archive of both is on "another disk".
    """

    def __init__(self, folder):
        self.folder = folder
        self.user = server_user()
        self.python = interpreter(self.user)
        self.running = cluster.start(folder, test=True)
        self.home = Path(read_state(folder)["home"])
        self.data = self.home / "postgres"
        self.other = Path(tempfile.mkdtemp(prefix="portal-archive-", dir="/var/tmp"))
        private, public = sealing.key_pair()
        for name, text in (("backup.pub", public), ("private.key", private)):
            (self.other / name).write_text(text)
            (self.other / name).chmod(0o600)
        (self.other / "archive").mkdir()
        for path in (self.other, *self.other.iterdir()):
            os.chown(path, self.user.uid, self.user.gid)
        self.archive = self.other / "archive"
        self.env = {**os.environ, **self.running.env, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
        self.manage("migrate", "-v", "0")

    def close(self):
        cluster.wipe(self.folder)
        shutil.rmtree(self.other)

    def conf(self):
        """Return the shipped settings, with this machine's folders."""
        text = (ROOT / "deploy/postgresql/portal-archive.conf").read_text(encoding="utf-8")
        for guide, here in (
            ("/opt/portal/.venv/bin/python", self.python),
            ("PYTHONPATH=/opt/portal ", f"PYTHONPATH={ROOT}:{PACKAGES} "),
            ("/var/backups/portal-wal", str(self.archive)),
            ("/etc/portal/backup.pub", str(self.other / "backup.pub")),
        ):
            assert guide in text
            text = text.replace(guide, here)
        return dict(re.findall(r"^(\w+) = '?([^'\n]*)'?$", text, re.MULTILINE))

    def set(self, **values):
        """Change settings of the server and restart it."""
        with self.superuser() as cursor:
            for name, value in values.items():
                cursor.execute(f"ALTER SYSTEM SET {name} = %s", [value])
        cluster.stop(self.folder)
        self.running = cluster.start(self.folder, test=True)
        self.env |= self.running.env

    @contextlib.contextmanager
    def superuser(self, database="portal"):
        link = psycopg2.connect(self.running.superuser_url.rsplit("/", 1)[0] + f"/{database}")
        link.autocommit = True
        try:
            with link.cursor() as cursor:
                yield cursor
        finally:
            link.close()

    def manage(self, *arguments, check=True):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout

    def program(self, *arguments):
        """Run the archive program as the server's user."""
        url = urlsplit(self.running.superuser_url)
        env = clean_env() | {"PYTHONPATH": f"{ROOT}:{PACKAGES}", "PGPASSWORD": url.password}
        env["PATH"] = f"{self.binaries()}:{env['PATH']}"
        done = subprocess.run(
            [self.python, "-m", "deploy.archive", *map(str, arguments)],
            cwd="/",
            env=env,
            capture_output=True,
            text=True,
            check=False,
            **self.user.switch,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def binaries(self):
        from deploy.servers.binaries import postgres_binaries

        return postgres_binaries(self.home, self.user)

    def base(self):
        url = urlsplit(self.running.superuser_url)
        reach = ["--host", url.hostname, "--port", str(url.port), "--username", url.username]
        return self.program(
            "base", "--to", self.archive, "--public-key", self.other / "backup.pub", "--", *reach
        ).splitlines()[0]

    def lose(self):
        """Kill every process of the server and delete its disk."""
        pid = server_pid(self.folder, "postgres")
        for one in (pid, *children_of(pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        wait_until(lambda: server_pid(self.folder, "postgres") is None)
        cluster.stop(self.folder)
        shutil.rmtree(self.data)
        # The new disk: an empty folder that belongs to the server's user.
        self.data.mkdir(mode=0o700)
        os.chown(self.data, self.user.uid, self.user.gid)

    def recover(self, *until):
        """Restore the cluster from the archive and wait until it serves.

        Returns the seconds it took.
        """
        began = time.monotonic()
        self.program(
            "recover", "--from", self.archive, "--key", self.other / "private.key", "--into", self.data, *until
        )
        verified = subprocess.run(
            [str(self.binaries() / "pg_verifybackup"), "--no-parse-wal", str(self.data)],
            cwd="/",
            env=clean_env(),
            capture_output=True,
            text=True,
            check=False,
            **self.user.switch,
        )
        assert verified.returncode == 0, verified.stderr + verified.stdout
        self.running = cluster.start(self.folder, test=True)
        self.env |= self.running.env

        def serves():
            with self.superuser() as cursor:
                cursor.execute("SELECT pg_is_in_recovery()")
                return not cursor.fetchone()[0]

        wait_until(serves, seconds=180)
        return time.monotonic() - began

    def rows(self):
        with self.superuser() as cursor:
            cursor.execute('SELECT bucket, "window" FROM core_throttle ORDER BY "window"')
            return cursor.fetchall()


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path / "servers")
    try:
        yield made
    finally:
        made.close()


class Writer(threading.Thread):
    """Thread that writes a row every twenty milliseconds as the serving role.

    It notes when each row was acknowledged.
    """

    def __init__(self, url):
        super().__init__()
        self.url, self.bucket = url, uuid.uuid4().hex
        self.acknowledged = []
        self.ended = threading.Event()

    def run(self):
        link = psycopg2.connect(self.url)
        link.autocommit = True
        with contextlib.suppress(psycopg2.Error), link.cursor() as cursor:
            while not self.ended.is_set():
                number = len(self.acknowledged) + 1
                cursor.execute(
                    'INSERT INTO core_throttle (bucket, "window", count, ends_at) VALUES (%s, %s, 1, now())',
                    [self.bucket, number],
                )
                self.acknowledged.append(time.monotonic())
                self.ended.wait(0.02)


def segments(place):
    return len(list((place.archive / "wal").glob("*.gz.age")))


def lose_at_the_worst_moment(place, writer):
    """Wait until a segment has been archived while rows are written, and lose the disk before the next.

    Returns the time of the loss.
    """
    there = segments(place)
    wait_until(lambda: segments(place) > there, seconds=100)
    time.sleep(WORST)
    at = time.monotonic()
    place.lose()
    writer.ended.set()
    writer.join()
    return at


def lost(place, writer, at):
    """Return (rows lost, seconds lost).

    The seconds are the time between the acknowledgement of the first lost row and the loss.
    """
    back = len(place.rows())
    assert [number for _bucket, number in place.rows()] == list(range(1, back + 1))
    gone = [moment for moment in writer.acknowledged[back:] if moment <= at]
    return len(gone), at - gone[0] if gone else 0.0


def test_less_than_a_minute_is_lost_with_the_disk(place, measured):
    place.set(**place.conf())
    place.manage(
        "shell", "-v", "0", "-c", "from portal.audit.services import *; audit_record(actor=None, action='drill')"
    )
    place.manage("shell", "-v", "0", "-c", "from portal.audit.services import *; seal_all()")
    copy = place.base()
    assert BASE.fullmatch(copy)
    writer = Writer(place.env["DATABASE_URL"])
    writer.start()
    at = lose_at_the_worst_moment(place, writer)
    middle = len(writer.acknowledged) // 3
    took = place.recover()
    rows, seconds = lost(place, writer, at)
    stored = sum(path.stat().st_size for path in (place.archive / "wal").iterdir())
    measured(
        written=len(writer.acknowledged), lost_rows=rows, lost_seconds=round(seconds, 1), recovered_in=round(took, 1),
        segments=segments(place), archive_kilobytes=stored // 1024,
    )  # fmt: skip
    assert 0 < seconds < 60
    assert place.manage("audit_verify").endswith(" 0 findings\n")
    assert place.manage("privileges").strip() == "The rights are those of a fresh installation."
    assert not any(writer.bucket.encode() in path.read_bytes() for path in place.archive.rglob("*") if path.is_file())

    # Recovery to a moment: somebody deletes rows, and the database comes back as it was before.
    kept = len(place.rows())
    with place.superuser() as cursor:
        time.sleep(1.1)
        until = datetime.now(UTC)
        time.sleep(1.1)
        cursor.execute('DELETE FROM core_throttle WHERE "window" > %s', [middle])
        hand_over(cursor)
    assert len(place.rows()) == middle
    place.lose()
    place.recover("--until", until.isoformat())
    measured(deleted_to=middle, back_to=len(place.rows()))
    assert len(place.rows()) == kept


def hand_over(cursor):
    """End the current segment and wait until it is in the archive."""
    cursor.execute("SELECT pg_walfile_name(pg_switch_wal())")
    (ended,) = cursor.fetchone()

    def archived():
        cursor.execute("SELECT last_archived_wal >= %s FROM pg_stat_archiver", [ended])
        return cursor.fetchone()[0]

    wait_until(archived)


def test_control_a_log_that_waits_for_a_full_segment_loses_more(place, measured):
    place.set(**place.conf() | {"archive_timeout": "0"})
    place.base()
    writer = Writer(place.env["DATABASE_URL"])
    writer.start()
    time.sleep(65)
    at = time.monotonic()
    place.lose()
    writer.ended.set()
    writer.join()
    place.recover()
    rows, seconds = lost(place, writer, at)
    measured(written=len(writer.acknowledged), lost_rows=rows, lost_seconds=round(seconds, 1))
    assert seconds > 60


def test_control_a_damaged_segment_opens_no_database(place, measured):
    place.set(**place.conf())
    place.base()
    with place.superuser() as cursor:
        cursor.execute("INSERT INTO core_heartbeat VALUES ('drill', now())")
        hand_over(cursor)
    place.lose()
    last = max((place.archive / "wal").glob("[0-9A-F]*.gz.age"))
    whole = last.read_bytes()
    last.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ServersError):
        place.recover()
    said = (place.folder / "log/postgres.log").read_text(encoding="utf-8", errors="replace")
    measured(said=re.findall(r"\w*Error: .*", said)[-1])
    assert "damaged" in said


def test_a_log_that_cannot_be_handed_over_is_told(place, measured):
    place.set(**place.conf())
    code = "from portal.core.health import _archive; check = _archive(); print(check.well, check.grave)"
    before = place.manage("shell", "-v", "0", "-c", code).split()
    place.set(archive_command="false")
    with place.superuser() as cursor:
        cursor.execute("INSERT INTO core_heartbeat VALUES ('drill', now())")
        cursor.execute("SELECT pg_switch_wal()")

        def failed():
            cursor.execute("SELECT failed_count > 0 FROM pg_stat_archiver")
            return cursor.fetchone()[0]

        wait_until(failed)
    after = place.manage("shell", "-v", "0", "-c", code).split()
    measured(before=before, after=after)
    assert (before, after) == (["True", "True"], ["False", "True"])
