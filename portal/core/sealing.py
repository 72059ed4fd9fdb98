"""Encryption of a backup to public keys, in the format of age, by its Rust library pyrage.

The format is that of age-encryption.org. The server holds only public keys. Streams are processed in pieces of some
kilobytes, so memory use does not grow with the size of the backup. Each piece is authenticated, the last one too: a
file that was changed or cut off cannot be decrypted.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyrage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from pyrage.x25519 import Identity, Recipient

WRONG_KEY = "This private key does not open the backup: it was encrypted to another public key."
DAMAGED = "is damaged: it was changed or cut off since it was made."


class SealingError(Exception):
    """A key cannot be read or does not decrypt; the text says what to do and contains no key."""


def key_pair() -> tuple[str, str]:
    """Return a new private key and its public key as text."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipients(text: str) -> list[Recipient]:
    """Return the public keys in ``text``; SealingError for none.

    ``text`` holds one or more keys ("age1..."), separated by commas or blanks.
    """
    try:
        found = [pyrage.x25519.Recipient.from_str(part) for part in text.replace(",", " ").split()]
    except pyrage.RecipientError:
        found = []
    if not found:
        raise SealingError(
            "PORTAL_BACKUP_PUBLIC_KEY names no public key of age (age1...): a backup is never written in clear."
            " `manage.py backup_key FILE` makes a pair."
        )
    return found


def identities(text: str) -> list[Identity]:
    """Return the private keys in ``text``, the content of an age key file; SealingError for none."""
    try:
        lines = [line.strip() for line in text.splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise SealingError("This is no private key of age (a line AGE-SECRET-KEY-...).")
    return found


class Source:
    """A readable stream made of pieces; ``digest`` is the SHA-256 of what was read, in hex."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._rest = iter(pieces), b""
        self._sum = hashlib.sha256()
        self.fault: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            try:
                piece = next(self._pieces, None)
            except Exception as fault:
                # On its way through the library the exception would lose its type.
                self.fault = fault
                raise
            if piece is None:
                return b""
            self._rest = piece
        found = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(found) :]
        self._sum.update(found)
        return found

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


class _Target:
    """A writable stream; a reader that stops early is no fault of the writer."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write, self.closed_early = write, False

    def write(self, piece: bytes) -> int:
        if not self.closed_early:
            try:
                self._write(piece)
            except BrokenPipeError:
                self.closed_early = True
        return len(piece)

    def flush(self) -> None:
        """Do nothing, because nothing is buffered."""


def seal(pieces: Iterable[bytes], path: Path, keys: Sequence[Recipient]) -> str:
    """Write ``pieces``, encrypted to ``keys``, to a new file; return the SHA-256 of the plain content."""
    source = Source(pieces)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            pyrage.encrypt_io(source, file, keys)
        except Exception:
            if source.fault is not None:
                raise source.fault from None
            raise
        file.flush()
        os.fsync(file.fileno())
    return source.digest


def unseal(path: Path, keys: Sequence[Identity], write: Callable[[bytes], object]) -> None:
    """Decrypt a file and call ``write`` with its pieces.

    Raises SealingError for a wrong key, and for a file that was changed.
    """
    try:
        with open(path, "rb") as file:
            pyrage.decrypt_io(file, _Target(write), keys)
    except pyrage.DecryptError as error:
        wrong = "No matching keys" in str(error)
        raise SealingError(WRONG_KEY if wrong else f"{path.name} {DAMAGED}") from None
    except OSError:
        raise SealingError(f"{path.name} {DAMAGED}") from None


def digest_of(path: Path, keys: Sequence[Identity]) -> str:
    """Return the SHA-256 of the plain content of an encrypted file, read to its end.

    Raises SealingError as ``unseal`` does.
    """
    found = hashlib.sha256()
    unseal(path, keys, found.update)
    return found.hexdigest()


@contextmanager
def opened(path: Path, keys: Sequence[Identity]) -> Iterator[BinaryIO]:
    """Yield the plain content of an encrypted file as a stream, without writing it to any file."""
    reading, writing = os.pipe()
    faults: list[SealingError] = []

    def work() -> None:
        with open(writing, "wb", buffering=0) as target:
            try:
                unseal(path, keys, target.write)
            except SealingError as error:
                faults.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        with open(reading, "rb") as stream:
            yield stream
    finally:
        thread.join()
    if faults:
        raise faults[0]
