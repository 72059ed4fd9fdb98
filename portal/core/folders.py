"""Who may read the files below a folder: one user alone, or the group that shares the folder."""

import stat
from pathlib import Path

ALONE = (0o600, 0o700)
SHARED = (0o660, 0o770)


def modes(folder: str | Path) -> tuple[int, int]:
    """Return the modes of files and of folders below ``folder``.

    A folder with the setgid bit passes its group on to everything created in it: web server and worker run as two users
    and share the private files that way. Without the bit, as in the demo, only the owner has access.
    """
    try:
        return SHARED if Path(folder).stat().st_mode & stat.S_ISGID else ALONE
    except FileNotFoundError:
        return ALONE
