"""Imports follow the layers: the contracts in .importlinter."""

import subprocess
import sys

from django.conf import settings

COMMAND = "import sys; from importlinter.cli import lint_imports_command as command; sys.exit(command())"


def test_import_contracts_are_kept():
    run = subprocess.run(
        [sys.executable, "-c", COMMAND, "--no-cache", "--no-logo"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
