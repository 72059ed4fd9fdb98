"""A copy of the tree with one thing broken on purpose.

What passes in the tree must fail in the copy. Production code has no switch that turns a check off; a planted failure
is a change of the copy alone.
"""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.databases import ROOT

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", "var", "__pycache__", ".*_cache", ".hypothesis")
LINKED = ("node_modules", "var")
CHOSEN_BY_THE_RUN = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "DATABASE_OWNER_URL", "PORTAL_DATABASE_ROLE")


@dataclass(frozen=True)
class Outcome:
    """The exit code and output of pytest.

    Code 0: all tests passed; 1: a test failed; any other code proves nothing.
    """

    code: int
    said: str


class Tree:
    """The copy; its tests use the servers of this run."""

    def __init__(self, folder):
        self.folder = Path(folder) / "tree"
        shutil.copytree(ROOT, self.folder, ignore=LEFT_OUT)
        for name in LINKED:
            (self.folder / name).symlink_to(ROOT / name)

    def patch(self, path, old, new):
        """Replace ``old``, which must occur exactly once in the file, by ``new``."""
        target = self.folder / path
        text = target.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise AssertionError(f"{path} has changed: {old!r} stands {text.count(old)} times in it")
        target.write_text(text.replace(old, new), encoding="utf-8")
        return self

    def test(self, *tests, seconds=900):
        """Run tests in the copy and return the Outcome.

        Hypothesis alone takes five minutes to shrink what it found.
        """
        command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", "-q"]
        command += ["-o", "norecursedirs=.* node_modules var", *tests]
        run = subprocess.Popen(
            command,
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name not in CHOSEN_BY_THE_RUN},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _nothing = run.communicate(timeout=seconds)
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
                run.communicate()
        return Outcome(run.returncode, said)
