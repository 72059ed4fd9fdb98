"""The keys of choice rounds: in a folder outside the database and its backups, destroyed at the reveal.

A key file holds the round's random key wrapped under the master key and bound to the round's number.
"""

import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.core import crypto
from portal.core.errors import DomainError
from portal.core.folders import modes

KEY_BYTES = 32


def _path(round_id: int) -> Path:
    return Path(settings.KEY_DIR) / f"round-{round_id}.key"


def key_create(round_id: int) -> None:
    """Make the key of a round; a key left by an opening that was rolled back is kept."""
    path = _path(round_id)
    file_mode, folder_mode = modes(path.parent)
    path.parent.mkdir(parents=True, exist_ok=True, mode=folder_mode)
    sealed = crypto.wrap(secrets.token_bytes(KEY_BYTES), path.name)
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode), "wb") as target:
        target.write(sealed)
        target.flush()
        os.fsync(target.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def key_read(round_id: int) -> bytes:
    """Return the key (32 bytes) of an open round; DomainError when it is not at hand."""
    path = _path(round_id)
    try:
        return crypto.unwrap(path.read_bytes(), path.name)
    except (FileNotFoundError, crypto.WrongKey):
        raise DomainError(
            _("Choices cannot be read or changed just now. Please try again later."), code="no-round-key"
        ) from None


def key_destroy(round_id: int) -> None:
    """Overwrite and remove the key of a round; one that is gone already is fine."""
    path = _path(round_id)
    try:
        with path.open("r+b") as target:
            target.write(os.urandom(path.stat().st_size))
            target.flush()
            os.fsync(target.fileno())
        path.unlink()
    except FileNotFoundError:
        return


def kept_rounds() -> dict[int, float]:
    """Return the rounds whose key still lies in the folder, as a dict of number -> age of the file in seconds."""
    folder = Path(settings.KEY_DIR)
    now = time.time()
    return {int(path.stem.removeprefix("round-")): now - path.stat().st_mtime for path in folder.glob("round-*.key")}


def pair_token(key: bytes, one_id: int, two_id: int) -> bytes:
    """Return the token (32 bytes) of two participants under a round's key; the order of the two does not matter."""
    low, high = sorted((one_id, two_id))
    return crypto.token(key, f"{low}.{high}")
