"""The units as systemd reads them, their users and system calls as the kernel permits them.

No service manager runs in this drill: ``systemd-analyze`` judges the files, and what units do to a process (users and
groups, the folder of credentials, the filter of system calls) is done by hand.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import urllib.request

import pytest

from deploy.processes import Process, wait_until
from deploy.servers.processes import free_port
from matchmaking import keys
from portal.exchange import storage
from tests.databases import ROOT
from tests.deploy.test_units import OF_THE_PORTAL, UNITS, directives

FOLDER = ROOT / "deploy" / "systemd"
# The exposure of a service as systemd-analyze calculates it; the highest that a service of the portal may have.
MOST = 1.9


@pytest.fixture(scope="module")
def analyze():
    found = shutil.which("systemd-analyze")
    if not found:
        pytest.fail("This drill asks systemd-analyze: apt-get install systemd")
    return found


@pytest.fixture
def units(tmp_path):
    """The units with a folder of programs that exist, in place of /opt/portal."""
    programs = tmp_path / "portal/.venv/bin"
    programs.mkdir(parents=True)
    for name in ("gunicorn", "celery", "python"):
        (programs / name).symlink_to("/bin/true")
    folder = tmp_path / "units"
    folder.mkdir()
    for path in FOLDER.iterdir():
        (folder / path.name).write_text(path.read_text().replace("/opt/portal", str(tmp_path / "portal")))
    return folder


def verify(analyze, folder):
    """Return the messages of systemd-analyze about the units in ``folder``."""
    paths = [str(path) for path in sorted(folder.iterdir())]
    result = subprocess.run([analyze, "verify", *paths], capture_output=True, text=True, check=False)
    return [line for line in (result.stdout + result.stderr).splitlines() if "/portal" in line or "portal-" in line]


def test_systemd_reads_every_line(analyze, units):
    assert verify(analyze, units) == []


def test_a_line_that_systemd_does_not_know_is_named(analyze, units):
    """The planted failure: a misspelt setting."""
    path = units / "portal-web.service"
    path.write_text(path.read_text().replace("ProtectProc=", "ProtectProcess="))
    assert any("ProtectProcess" in line for line in verify(analyze, units))


def exposure(analyze, path, most=MOST):
    """Return (whether the service stays below the threshold, its exposure)."""
    command = [analyze, "security", "--offline=yes", f"--threshold={int(most * 10)}", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode == 0, float(re.search(r"Overall exposure level for \S+: ([\d.]+)", result.stdout)[1])


@pytest.mark.parametrize("unit", UNITS)
def test_no_service_is_more_exposed_than_before(analyze, units, measured, unit):
    path = units / unit
    if "@" in unit:
        path = path.rename(units / unit.replace("@", "@x"))
    well, found = exposure(analyze, path)
    measured(exposure=found)
    assert (well, found <= MOST) == (True, True)


def test_a_service_without_its_filter_is_more_exposed(analyze, units, measured):
    """The planted failure: a unit without its filters and protections."""
    path = units / "portal-web.service"
    text = re.sub(
        r"^(SystemCallFilter|CapabilityBoundingSet|Protect\w+|Restrict\w+)=.*\n", "", path.read_text(), flags=re.M
    )
    path.write_text(text)
    well, found = exposure(analyze, path)
    measured(exposure=found)
    assert (well, found > MOST) == (False, True)


# Users: ids without a name, because the kernel does not need names.
SHARED, WEB, WORKER, OTHER = 54320, 54321, 54322, 54323


def as_user(uid, groups, work):
    """Run ``work`` in a child process as this user.

    Returns 0, or 13 if permission was denied, or 1 for any other error.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        os.setgroups(groups)
        os.setgid(uid)
        os.setuid(uid)
        work()
        code = 0
    except PermissionError:
        code = 13
    finally:
        os._exit(code)


@pytest.fixture
def folders(tmp_path, settings):
    """The folders of files and keys as deploy/tmpfiles.d creates them, with the umask of the units."""
    if os.geteuid():
        pytest.fail("This drill becomes several users: run it as root")
    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
    tmp_path.chmod(0o711)
    before = os.umask(0o007)
    for name in ("storage", "keys", "backups"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o2770)
        os.chown(tmp_path / name, 0, SHARED)
        (tmp_path / name).chmod(0o2770)
    settings.PRIVATE_STORAGE_DIR, settings.KEY_DIR = tmp_path / "storage", tmp_path / "keys"
    yield tmp_path
    os.umask(before)


def test_web_and_worker_read_and_remove_each_others_files_and_no_other_user_does(folders):
    named = folders / "storage" / "named"

    def write():
        named.write_text(storage.put([b"x"]).key)
        keys.key_create(8)

    def read():
        assert storage.path_of(named.read_text()).read_bytes() == b"x"
        assert len(keys.key_read(8)) == 32

    def remove():
        storage.remove(named.read_text())
        keys.key_destroy(8)

    assert as_user(WEB, [SHARED], write) == 0
    assert as_user(WORKER, [SHARED], read) == 0
    assert as_user(OTHER, [], read) == 13
    assert as_user(WORKER, [SHARED], remove) == 0
    assert [path.name for path in folders.rglob("*") if path.is_file()] == ["named"]


def test_files_of_a_user_alone_are_not_shared(folders):
    """The planted failure: folders without the setgid bit."""
    for name in ("storage", "keys"):
        (folders / name).chmod(0o770)
    key = []
    named = folders / "named"
    named.touch()
    named.chmod(0o666)
    assert as_user(WEB, [SHARED], lambda: named.write_text(storage.put([b"x"]).key)) == 0
    assert as_user(WORKER, [SHARED], lambda: key.append(storage.path_of(named.read_text()).read_bytes())) == 13


def test_the_webs_user_reads_no_backup_and_no_file_of_secrets(folders):
    backups, secrets = folders / "backups", folders / "portal.env"
    os.chown(backups, OTHER, OTHER)
    backups.chmod(0o700)
    secrets.write_text("SECRET_KEY=x")
    secrets.chmod(0o600)
    assert as_user(WEB, [SHARED], lambda: list(backups.iterdir())) == 13
    assert as_user(WEB, [SHARED], secrets.read_text) == 13
    backups.chmod(0o755)
    assert as_user(WEB, [SHARED], lambda: list(backups.iterdir())) == 0


# System calls.
FILTER = """
import errno, json, os, sys
import seccomp
allowed, command = json.loads(sys.argv[1]), sys.argv[2:]
rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
for name in allowed:
    try:
        rules.add_rule(seccomp.ALLOW, name)
    except (RuntimeError, ValueError, OSError):
        pass  # a call that this machine has not
rules.load()
os.execvp(command[0], command)
"""


def calls(analyze, name):
    """Return the system calls of a systemd group, including those of its subgroups."""
    result = subprocess.run([analyze, "syscall-filter", name], capture_output=True, text=True, check=True)
    found = set()
    for line in result.stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            found |= calls(analyze, word)
        elif word and not word.startswith("#"):
            found.add(word)
    return found


def filtered(analyze, command):
    """Return ``command`` restricted to the system calls that the units allow."""
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import seccomp"], capture_output=True, check=False).returncode:
        pytest.fail("This drill filters system calls: apt-get install python3-seccomp")
    first, second = directives("portal-web.service")["SystemCallFilter"]
    assert {unit: directives(unit)["SystemCallFilter"] for unit in OF_THE_PORTAL} == {
        unit: [first, second] for unit in OF_THE_PORTAL
    }
    allowed = calls(analyze, first)
    for group in second.removeprefix("~").split():
        allowed -= calls(analyze, group)
    return [python, "-c", FILTER, json.dumps(sorted(allowed)), *command]


def test_the_portal_needs_no_call_that_the_units_refuse(analyze, stack, tmp_path, measured):
    """The portal needs no system call that the units refuse.

    The web server runs with its own gunicorn settings, with worker and beat; a child process decodes a picture.
    """
    port = free_port()
    python = [sys.executable, "-m"]
    env = {**stack.env, "PORTAL_WEB_WORKERS": "2", "PYTHONPATH": str(ROOT)}
    web = [*python, "gunicorn", "-c", "deploy/gunicorn_config.py", "--no-control-socket", "portal.wsgi"]
    web += ["--bind", f"127.0.0.1:{port}"]
    worker = [*python, "celery", "-A", "portal", "worker", "-c", "2", "-n", "filtered@localhost", "-l", "INFO"]
    beat = [*python, "celery", "-A", "portal", "beat", "--pidfile=", "-s", str(tmp_path / "schedule")]
    processes = [
        Process(name, filtered(analyze, command), env=env, cwd=ROOT, log=tmp_path / f"{name}.log")
        for name, command in (("web", web), ("worker", worker), ("beat", beat))
    ]

    def answers():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as page:
                return page.status == 200 and "ready" in (tmp_path / "worker.log").read_text()
        except OSError:
            return False

    try:
        for process in processes:
            process.start()
        ended = wait_until(answers, processes, 90)
        assert ended is None, ended.last_lines(40)
    finally:
        for process in processes:
            process.stop(20)
    # A child process with its own limits: the filter refuses "setrlimit" by name, but glibc calls prlimit64 instead.
    code = """
import io
from PIL import Image
from portal.exchange.pictures import picture_clean
file = io.BytesIO()
Image.new("RGB", (400, 300), "red").save(file, "JPEG")
print("picture", picture_clean(file.getvalue())[:2] == bytes([255, 216]))
"""
    result = subprocess.run(
        filtered(analyze, [sys.executable, "-c", f"import django; django.setup()\n{code}"]),
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.strip() == "picture True", result.stderr
    logs = "".join((tmp_path / f"{name}.log").read_text() for name in ("web", "worker", "beat"))
    measured(web="answers", worker="ready", refused=logs.count("Operation not permitted"))
    assert "Operation not permitted" not in logs


@pytest.mark.parametrize("call", ["os.setuid(0)", "os.chown('.', 0, 0)", "os.sched_setaffinity(0, {0})", "os.nice(1)"])
def test_the_filter_refuses_what_the_units_refuse(analyze, call):
    """The filter refuses what the units refuse.

    The planted failure: system calls of @privileged and @resources are refused, and the process continues.
    """
    command = filtered(
        analyze, [sys.executable, "-c", f"import os\ntry:\n    {call}\nexcept PermissionError:\n    print('refused')"]
    )
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "refused"
