"""Property 19: the demo's data, backed up, comes back on another cluster, row by row, file by file, and sends nothing.

The planted fault: one row of the copy is changed behind the comparison's back, and the comparison names its table.
"""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from deploy import servers
from tests.databases import ROOT


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """A cluster of its own with an empty database beside the one it is set up with: (environment, folder)."""
    folder = tmp_path_factory.mktemp("second") / "servers"
    running = servers.start(folder, test=True)
    owner = psycopg2.connect(running.env["DATABASE_OWNER_URL"])
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored TEMPLATE template1")
    owner.close()
    env = dict(running.env)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        env[name] = urlunsplit(urlsplit(env[name])._replace(path="/restored"))
    yield env, folder
    servers.wipe(folder)


def manage(env, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_a_backup_restores_on_another_cluster(stack, second, tmp_path, measured):
    stack.manage("load_regions")
    stack.manage("load_legal_parameters")
    stack.manage("load_demo")
    stack.stop_worker()
    for number in range(20):
        path = tmp_path / "storage" / f"{number:02d}"
        path.mkdir(parents=True)
        (path / "file").write_bytes(os.urandom(5000))
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
    restored = manage(target, "restore", str(tmp_path / "backup"), "--key", str(key))
    assert restored.returncode == 0, restored.stderr
    measured(backup=made.stdout.strip(), restore=restored.stdout.strip())

    code = "from portal.messaging.services import deliver_due, outbox_held; print(outbox_held(), deliver_due())"
    assert manage(target, "shell", "-v", "0", "-c", code).stdout.split() == ["True", "0"]
    read = "from portal.members.models import Member; print(sum(bool(m.phone) for m in Member.objects.all()) > 500)"
    assert manage(target, "shell", "-v", "0", "-c", read).stdout.strip() == "True"
    assert {p.read_bytes() for p in (tmp_path / "restored").rglob("file")} == {
        p.read_bytes() for p in (tmp_path / "storage").rglob("file")
    }

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
