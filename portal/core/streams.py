"""Encrypted streams: content of any length under a key of its own, in chunks that only fit their place.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) with SM4-GCM: the nonce of a chunk holds a random
prefix of the stream, the number of the chunk, and whether it is the last. A stream that was cut, extended, reordered or
mixed with another cannot be decrypted, and nothing is handed out that was not checked. ``associated`` says where the
stream belongs; it is not stored in it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from portal.core.crypto import TAG_BYTES, WrongKey, gcm_open, gcm_seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

MAGIC = b"SM4S1"
KEY_BYTES, PREFIX_BYTES = 16, 7
CHUNK = 64 * 1024


def key_new() -> bytes:
    """Return a key for one stream; it is never used for another."""
    return os.urandom(KEY_BYTES)


def stream_seal(pieces: Iterable[bytes], *, key: bytes, associated: bytes) -> Iterator[bytes]:
    """Yield ``pieces`` encrypted: a header, then chunks of 64 KiB; empty content has one empty chunk."""
    header = MAGIC + os.urandom(PREFIX_BYTES)
    yield header
    index, held = 0, bytearray()
    for piece in pieces:
        held += piece
        while len(held) > CHUNK:  # the last chunk is not written before it is known to be the last
            yield _sealed(header, key, associated, index, False, bytes(held[:CHUNK]))
            del held[:CHUNK]
            index += 1
    yield _sealed(header, key, associated, index, True, bytes(held))


def stream_open(stream: IO[bytes], *, key: bytes, associated: bytes) -> Iterator[bytes]:
    """Yield the content of a stream chunk by chunk; WrongKey for another key or place, and for any change.

    A change is found when its chunk is reached; what was yielded before is genuine.
    """
    header = stream.read(len(MAGIC) + PREFIX_BYTES)
    if not header.startswith(MAGIC) or len(header) != len(MAGIC) + PREFIX_BYTES:
        raise WrongKey("this is no encrypted stream")
    index, chunk = 0, stream.read(CHUNK + TAG_BYTES)
    while True:
        following = stream.read(CHUNK + TAG_BYTES)
        nonce = _nonce(header, index, not following)
        yield gcm_open(key, nonce, chunk, header + associated)
        if not following:
            return
        index, chunk = index + 1, following


def _nonce(header: bytes, index: int, is_last: bool) -> bytes:
    return header[len(MAGIC) :] + index.to_bytes(4, "big") + bytes([is_last])


def _sealed(header: bytes, key: bytes, associated: bytes, index: int, is_last: bool, plain: bytes) -> bytes:
    return gcm_seal(key, _nonce(header, index, is_last), plain, header + associated)
