"""Installs everything the portal needs into the checkout from the lock files.

It is quick if nothing changed. It runs under the system's Python before any package is installed, and so uses the
standard library only.

Use: ``python3 deploy/install.py [--production | --front-end | --npm ARGUMENTS]``

``--production`` installs only what is needed to serve and the files that pages load, without tests and tools.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
MODULES = ROOT / "node_modules"
PYTHON_AT_LEAST = (3, 11)
NODE_AT_LEAST = 18
PIP_FLAGS = ("--quiet", "--disable-pip-version-check", "--no-input")


class InstallError(Exception):
    """Something is missing that this program cannot install; the text says what to do."""


def main(arguments):
    """Install Python packages, then install npm packages or run npm as requested; return the exit code."""
    os.chdir(ROOT)
    try:
        install_python("base" if arguments[:1] == ["--production"] else "dev")
        if arguments[:1] in (["--front-end"], ["--production"]):
            install_front_end()
        if arguments[:1] == ["--production"]:
            remove_tools()
        elif arguments[:1] == ["--npm"]:
            _run([*find_npm(), *arguments[1:]])
    except InstallError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


def install_python(packages):
    """Create ``.venv`` and install the locked packages: ``base`` to serve, ``dev`` with tests and tools."""
    if sys.version_info < PYTHON_AT_LEAST:
        raise InstallError(f"The portal needs Python {'.'.join(map(str, PYTHON_AT_LEAST))} or newer.")
    # Scripts in a virtual environment contain its path, so a moved checkout needs a new environment.
    wanted = f"{VENV}\n{_digest(f'requirements/{packages}.txt')}\n"
    stamp = VENV / "installed.txt"
    if _read(stamp) == wanted and _works(PYTHON):
        return
    if not _works(PYTHON) or not _works(PYTHON, "-m", "pip", "--version") or _moved(stamp):
        _say("Making .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        if not _works(sys.executable, "-c", "import ensurepip, venv"):
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise InstallError(
                f"This Python {version} comes without venv. On Debian or Ubuntu: apt-get install python{version}-venv"
            )
        _run([sys.executable, "-m", "venv", str(VENV)])
    _say("Installing Python packages")
    _run([PYTHON, "-m", "pip", "install", *PIP_FLAGS, "--require-hashes", "-r", f"requirements/{packages}.txt"])
    stamp.write_text(wanted)


def install_front_end():
    """Install the npm packages of the lock file and copy files that pages load into ``static/vendor``."""
    wanted = _digest("package-lock.json", ".npmrc")
    stamp = MODULES / "installed.txt"
    if _read(stamp) != wanted:
        npm = find_npm()
        _say("Installing front-end packages")
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"])
        stamp.write_text(wanted)
    _run([PYTHON, "-m", "deploy.assets"])


def remove_tools():
    """Remove tools that only fetch the files of pages: the npm packages and a Node from a wheel."""
    shutil.rmtree(MODULES, ignore_errors=True)
    if (VENV / "bin/npm").exists():
        _run([PYTHON, "-m", "pip", "uninstall", *PIP_FLAGS, "--yes", "-r", "requirements/node.txt"])


def find_npm():
    """Return the npm command: the one on PATH with its Node, else one from a wheel in ``.venv``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.match(r"v(\d+)", answer)
        if found and int(found.group(1)) >= NODE_AT_LEAST:
            return [npm]
    wheel = VENV / "bin/npm"
    if not wheel.exists():
        _say("Installing Node")
        _run([PYTHON, "-m", "pip", "install", *PIP_FLAGS, "--require-hashes", "-r", "requirements/node.txt"])
    # npm's own scripts look for node on PATH.
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(wheel)]


def _moved(stamp):
    return _read(stamp).splitlines()[:1] not in ([], [str(VENV)])


def _digest(*names):
    digest = hashlib.sha256()
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _read(path):
    try:
        return path.read_text()
    except OSError:
        return ""


def _works(program, *arguments):
    try:
        command = [str(program), *(arguments or ("-c", ""))]
        return not subprocess.run(command, capture_output=True, check=False).returncode
    except OSError:
        return False


def _run(command):
    command = [str(part) for part in command]
    result = subprocess.run(command, cwd=ROOT, check=False)
    if result.returncode:
        raise InstallError(f"This did not work: {' '.join(command)}")


def _say(text):
    print(f"{text} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
