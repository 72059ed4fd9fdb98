"""The browser of the browser tests: found on PATH, or installed by ``python -m deploy.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The browser makes no network requests of its own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find():
    """Return the path of a Chromium on PATH, or None: then Playwright's own is used."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install():
    """Install Chromium if none is found (as root by apt-get, else by Playwright); return the exit code."""
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        update = subprocess.run(["apt-get", "-qq", "update"], env=env, check=False)
        packages = ["chromium", "fonts-noto-cjk"]
        if (
            not update.returncode
            and not subprocess.run(
                ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages], env=env, check=False
            ).returncode
        ):
            return 0
    playwright = Path(sys.executable).with_name("playwright")
    return subprocess.run([playwright, "install", "chromium"], check=False).returncode


if __name__ == "__main__":
    sys.exit(install())
