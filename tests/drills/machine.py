"""A machine in a folder: Debian 13 with its own systemd, processes and mounts.

It shares the network of this machine. ``debootstrap`` makes it once in ``var/drills/debian``; each drill works on a
copy. Needs root, debootstrap, nsenter. The settings by which this machine reaches its packages (apt, pip, npm,
certificates) are copied into it.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.databases import ROOT

SUITE = "trixie"
FOLDER = ROOT / "var" / "drills"
BASE = FOLDER / "debian"
PACKAGES = "ca-certificates,systemd,systemd-sysv,dbus"
# Settings by which the machine's own processes find packages; copied where this machine has them.
SETTINGS = (
    "etc/apt/apt.conf.d",
    "etc/pip.conf",
    "etc/xdg/pip",
    "etc/npmrc",
    "root/.npmrc",
    "root/.config/pip",
    "etc/ssl/certs/ca-certificates.crt",
    "usr/local/share/ca-certificates",
    "etc/resolv.conf",
    "etc/hosts",
)
PREFIXES = ("PIP_", "NPM_CONFIG_", "npm_config_", "NODE_", "HTTP", "http", "NO_PROXY", "no_proxy", "SSL_CERT")
PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# pivot_root instead of chroot, because the kernel refuses user namespaces, which units need, below a chroot.
BOOT = """
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
mount -t proc proc "$0/proc"
mount -t tmpfs tmpfs "$0/sys"
mkdir -p "$0/sys/fs/cgroup" "$0/.before"
mount -t cgroup2 cgroup2 "$0/sys/fs/cgroup"
mount -t tmpfs tmpfs "$0/run"
mount --rbind /dev "$0/dev"
cd "$0"
pivot_root . .before
cd /
umount -l /.before
# As systemd finds it on a machine of its own: what it mounts for a unit (credentials) is seen in the unit's namespace.
mount --make-rshared /
exec env -i container=other PATH="$1" /lib/systemd/systemd --system --log-target=journal
"""


def make_base():
    """Create the base system in FOLDER, once.

    The drill fails with a clear message where that is not possible.
    """
    if os.geteuid():
        pytest.fail("This drill makes a machine in a folder: run it as root.")
    for program, package in (("debootstrap", "debootstrap"), ("nsenter", "util-linux"), ("unshare", "util-linux")):
        if not shutil.which(program):
            pytest.fail(f"{program} is missing: apt-get install {package}")
    if (BASE / "made").exists():
        return
    shutil.rmtree(BASE, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(BASE)]
    subprocess.run([*command, _mirror()], check=True, stdout=subprocess.DEVNULL)
    (BASE / "made").touch()


def _mirror():
    """Return the address from which apt of this machine gets its packages."""
    for path in (*Path("/etc/apt").glob("sources.list.d/*"), Path("/etc/apt/sources.list")):
        found = re.search(r"^(?:URIs:|deb)\s.*?(\w+://\S+)", path.read_text(), re.MULTILINE) if path.exists() else None
        if found:
            return found[1]
    pytest.fail("apt of this machine names no source of packages.")


class Machine:
    """A booted copy of the base system.

    ``run(script)`` runs shell lines as root; ``folder`` is the machine's root directory as seen from this machine.
    """

    def __init__(self, folder):
        self.folder = folder
        self.process = None

    def boot(self):
        command = ["unshare", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child"]
        self.process = subprocess.Popen(
            [*command, "sh", "-c", BOOT, str(self.folder), PATHS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.pid and self.run("systemctl is-system-running --wait", check=False).stdout.strip() in UP:
                return
            time.sleep(0.5)
        pytest.fail("The machine does not start.")

    @property
    def pid(self):
        """The process id of its systemd as seen from this machine; None before it runs."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next((pid for pid in children if "systemd" in Path(f"/proc/{pid}/cmdline").read_text()), None)

    def run(self, script, *, check=True, given=None, seconds=1800):
        """Run shell lines as root in the machine.

        Returns the process with its output. A line that fails ends the script.
        """
        kept = {name: value for name, value in os.environ.items() if name.startswith(PREFIXES)}
        env = {"PATH": PATHS, "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **kept}
        command = ["nsenter", "--target", self.pid, "--all", "--root", "bash", "-euo", "pipefail", "-c"]
        done = subprocess.run(
            [*command, f"cd /root\n{script}"],
            env=env,
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check and done.returncode:
            pytest.fail(f"{script}\n→ {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def stop(self):
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


UP = {"running", "degraded"}


@contextlib.contextmanager
def machine(name):
    """Boot a fresh machine, and delete it afterwards."""
    make_base()
    folder = FOLDER / name
    subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(BASE), str(folder)], check=True)
    for setting in SETTINGS:
        source, target = Path("/", setting), folder / setting
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copyfile(source, target)
    running = Machine(folder)
    try:
        running.boot()
        yield running
    finally:
        running.stop()
        subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=False)
