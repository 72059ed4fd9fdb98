"""The keys of choice rounds, in a folder outside the database and its backups.

A key is destroyed at the reveal. Its file holds the round's random key, wrapped under the master key and bound to the
round's number.
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
    """Create the key of a round; keep a key left by an opening that was rolled back."""
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
    """Return the key (32 bytes) of an open round; raise DomainError if it is missing or unreadable."""
    path = _path(round_id)
    try:
        return crypto.unwrap(path.read_bytes(), path.name)
    except (FileNotFoundError, crypto.WrongKey):
        raise DomainError(
            _("Choices cannot be read or changed at the moment. Please try again later."), code="no-round-key"
        ) from None


def key_destroy(round_id: int) -> None:
    """Overwrite and remove the key of a round; do nothing if it is gone already."""
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
    """Return {round number: age of the key file in seconds} for the rounds that still have a key."""
    folder = Path(settings.KEY_DIR)
    now = time.time()
    return {int(path.stem.removeprefix("round-")): now - path.stat().st_mtime for path in folder.glob("round-*.key")}


def pair_token(key: bytes, one_id: int, two_id: int) -> bytes:
    """Return the token (32 bytes) of two participants, in whichever order, under the round's key."""
    low, high = sorted((one_id, two_id))
    return crypto.token(key, f"{low}.{high}")
