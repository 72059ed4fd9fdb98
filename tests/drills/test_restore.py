"""Property 19: the demo's data is backed up and restored on another cluster.

It is the same row by row and file by file, and sends nothing. The target database is created by the very lines of
docs/operating.md, default privileges included; the restore is killed in the middle of the files and started again. The
planted faults: one row of the copy is changed and must change its sum, and the serving role gets a right to the audit.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from deploy.servers import cluster
from tests.databases import ROOT

FILES, SIZE = 400, 200_000


def guide():
    """Return the statements by which the guide creates the database.

    They are given as (in the cluster, in the database).
    """
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    statements = re.findall(
        r"^\s*((?:CREATE|ALTER|REVOKE|GRANT) [^;]+;(?: CREATE EXTENSION [^;]+;)*)$", text, re.MULTILINE
    )
    inside = [one for one in statements if one.startswith(("CREATE EXTENSION", "ALTER DEFAULT"))]
    outside = [one for one in statements if one.startswith(("CREATE DATABASE", "REVOKE TEMPORARY"))]
    assert (sum(one.startswith("ALTER DEFAULT") for one in inside), len(outside)) == (2, 2), statements
    assert all(name in " ".join(inside) for name in ("pg_trgm", "btree_gist")), statements
    return outside, inside


def named(statement):
    return re.sub(r"\bDATABASE portal\b", "DATABASE restored", statement)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """A separate cluster with an empty database, created as the guide does.

    Given as (environment, folder).
    """
    folder = tmp_path_factory.mktemp("second") / "servers"
    running = cluster.start(folder, test=True)
    outside, inside = guide()
    url = running.superuser_url
    for statements, database in ((outside, "postgres"), (inside, "restored")):
        link = psycopg2.connect(urlunsplit(urlsplit(url)._replace(path=f"/{database}")))
        link.autocommit = True
        with link.cursor() as cursor:
            for statement in statements:
                statement = named(statement)
                if statement.startswith("CREATE DATABASE"):
                    # The test cluster has default privileges and extensions in template1; the cluster of the guide does
                    # not.
                    statement = statement.replace(";", " TEMPLATE template0;")
                cursor.execute(statement)
        link.close()
    env = dict(running.env)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        env[name] = urlunsplit(urlsplit(env[name])._replace(path="/restored"))
    yield env, folder
    cluster.wipe(folder)


def command(*arguments):
    return [sys.executable, "manage.py", *arguments]


def manage(env, *arguments):
    return subprocess.run(command(*arguments), cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def rights(env):
    """Return all privileges as text.

    They are those on tables, sequences, columns and schemas, and the default privileges.
    """
    code = (
        "import json; from django.db import connection; from portal.core.privileges import _granted;"
        "print(json.dumps(sorted(str(right) for right in _granted(connection.cursor()))))"
    )
    said = manage({**env, "PORTAL_DATABASE_ROLE": "owner"}, "shell", "-v", "0", "-c", code)
    return [line for line in json.loads(said.stdout) if " on database " not in line]


def begin_and_kill(target, folder, backup, key):
    """Start the restore, kill it once files arrive, and return the number of files restored so far."""
    process = subprocess.Popen(
        command("restore", str(backup), "--key", str(key)), cwd=ROOT, env=target, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    arrived = 0
    while arrived < 5 and time.monotonic() < deadline:
        arrived = sum(1 for _ in folder.rglob("file"))
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return sum(1 for _ in folder.rglob("file"))


def test_a_backup_restores_on_another_cluster(stack, second, tmp_path, measured):
    stack.manage("load_demo", "--cities", "2")
    stack.stop_worker()
    stack.python("from portal.audit.services import seal_all; seal_all()")
    for number in range(FILES):
        path = tmp_path / "storage" / f"{number:03d}"
        path.mkdir(parents=True)
        (path / "file").write_bytes(os.urandom(SIZE))
    key = tmp_path / "private.key"
    public = manage(stack.env, "backup_key", str(key)).stdout.strip()
    assert (public[:4], key.stat().st_mode & 0o777) == ("age1", 0o600)
    refused = manage({**stack.env, "PORTAL_BACKUP_PUBLIC_KEY": ""}, "backup", str(tmp_path / "backup"))
    assert (refused.returncode, (tmp_path / "backup").exists()) == (1, False)
    source = {**stack.env, "PORTAL_STORAGE_DIR": str(tmp_path / "storage"), "PORTAL_BACKUP_PUBLIC_KEY": public}
    made = manage(source, "backup", str(tmp_path / "backup"))
    assert made.returncode == 0, made.stderr

    env, _folder = second
    keys = {name: stack.env[name] for name in stack.env if name.endswith(("_KEYS", "_KEY"))}
    target = {**source, **env, **keys, "PORTAL_STORAGE_DIR": str(tmp_path / "restored")}
    wrong = tmp_path / "wrong.key"
    manage(stack.env, "backup_key", str(wrong))
    refused = manage(target, "restore", str(tmp_path / "backup"), "--key", str(wrong))
    assert (refused.returncode, "does not open the backup" in refused.stderr) == (1, True)
    assert not (tmp_path / "restored").exists()

    arrived = begin_and_kill(target, tmp_path / "restored", tmp_path / "backup", key)
    assert 0 < arrived < FILES
    unserved = manage(target, "check", "--database", "default")
    assert (unserved.returncode, "core.E004" in unserved.stderr) == (1, True)
    restored = manage(target, "restore", str(tmp_path / "backup"), "--key", str(key))
    assert restored.returncode == 0, restored.stderr
    measured(killed_after_files=arrived, backup=made.stdout.strip(), restore=restored.stdout.strip())

    taken = "rights repaired, too much: portal_app: DELETE, UPDATE on table audit_auditentry"
    assert taken in restored.stdout.splitlines()
    assert rights(target) == rights(stack.env)
    assert manage(target, "check", "--database", "default").returncode == 0
    verified = manage(target, "audit_verify")
    measured(audit=verified.stdout.strip(), rights=len(rights(target)))
    assert (verified.returncode, verified.stdout.strip().endswith(" 0 findings")) == (0, True)
    assert not verified.stdout.startswith("0 seals")

    code = (
        "from portal.messaging.services.holding import outbox_held;"
        "from portal.messaging.services.messages import deliver_due; print(outbox_held(), deliver_due())"
    )
    assert manage(target, "shell", "-v", "0", "-c", code).stdout.split() == ["True", "0"]
    read = "from portal.members.models import Member; print(sum(bool(m.phone) for m in Member.objects.all()) > 500)"
    assert manage(target, "shell", "-v", "0", "-c", read).stdout.strip() == "True"
    assert {p.read_bytes() for p in (tmp_path / "restored").rglob("file")} == {
        p.read_bytes() for p in (tmp_path / "storage").rglob("file")
    }
    assert [path.name for path in (tmp_path / "restored").iterdir() if path.is_file()] == []

    planted = (
        "import json; from django.db import connection; from portal.core.backups import tables_sums;"
        "from portal.organizations.models import Organization as O;"
        "was = tables_sums(connection.cursor());"
        "O.objects.filter(pk=O.objects.first().pk).update(short_name='x');"
        "now = tables_sums(connection.cursor()); print([t for t in now if now[t] != was[t]])"
    )
    found = manage(target, "shell", "-v", "0", "-c", planted).stdout.strip()
    measured(planted=found)
    assert found == "['organizations_organization']"


def test_control_a_right_to_the_audit_is_seen(second, stack, measured):
    env, _folder = second
    target = {**stack.env, **env}
    link = psycopg2.connect(env["DATABASE_OWNER_URL"])
    link.autocommit = True
    link.cursor().execute("GRANT UPDATE, DELETE ON audit_auditentry TO portal_app")
    link.close()
    checked = manage(target, "check", "--database", "default")
    named = manage(target, "privileges")
    measured(check=checked.stderr.strip().splitlines()[-1], privileges=named.stdout.strip())
    assert (checked.returncode, "core.E003" in checked.stderr) == (1, True)
    assert named.stdout.strip() == "too much: portal_app: DELETE, UPDATE on table audit_auditentry"
    assert manage(target, "privileges", "--repair").returncode == 0
    assert manage(target, "check", "--database", "default").returncode == 0
