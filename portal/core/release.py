"""The running release: the tag and the commit of its code, if git can tell."""

import subprocess
from functools import lru_cache
from pathlib import Path

from django.conf import settings

# The files of the installation may belong to another user than the one that runs the portal.
DESCRIBE = ("git", "-c", "safe.directory=*", "describe", "--tags", "--always", "--dirty")


def tag_of(folder: Path) -> str:
    """Return the tag of a checkout, with later commits as ``v0.1.0-3-gabc1234``; "" without git."""
    if not (folder / ".git").exists():
        return ""
    try:
        found = subprocess.run(DESCRIBE, cwd=folder, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if not found.returncode else ""


@lru_cache(maxsize=1)
def tag() -> str:
    """Return the tag of the running code; git is asked once per process."""
    return tag_of(Path(settings.BASE_DIR))
