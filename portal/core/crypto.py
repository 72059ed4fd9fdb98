"""Cryptography: SM4-GCM for values, keyed SM3 for blind indexes, wrapping for keys of choice rounds.

Tokens are HMAC-SHA-256. Keys come from the settings: FIELD_KEYS "id:hex[,id:hex]" (the last one encrypts new values),
INDEX_KEY and MASTER_KEY (64 hex digits).
"""

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
TAG_BYTES = 16


class WrongKey(Exception):
    """A ciphertext cannot be decrypted with the known keys, or was stored in another place."""


@lru_cache(maxsize=4)
def _parse_keys(text: str) -> dict[str, bytes]:
    keys = {}
    for part in text.split(","):
        name, _, value = part.strip().partition(":")
        try:
            key = bytes.fromhex(value)
        except ValueError:
            key = b""
        if not name or len(name) > 20 or len(key) != 16:
            raise ImproperlyConfigured("PORTAL_FIELD_KEYS must read id:32-hex-digits[,id:32-hex-digits]")
        keys[name] = key
    return keys


@lru_cache(maxsize=4)
def _bytes(name: str, text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must be 64 hex digits")
    return key


def check_keys() -> None:
    """Raise ImproperlyConfigured unless all keys are well-formed; called at start-up, not at first use."""
    _parse_keys(settings.FIELD_KEYS)
    _bytes("PORTAL_INDEX_KEY", settings.INDEX_KEY)
    _bytes("PORTAL_MASTER_KEY", settings.MASTER_KEY)


def gcm_seal(key: bytes, nonce: bytes, plain: bytes, associated: bytes) -> bytes:
    """Return SM4-GCM ciphertext and tag; a nonce is never used twice with one key."""
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(associated)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def gcm_open(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """Return the plain bytes of ciphertext and tag; raises WrongKey if anything differs."""
    if len(sealed) < TAG_BYTES:
        raise WrongKey("the value is too short")
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(associated)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise WrongKey("the value does not open with this key in this place") from None


def _seal(key: bytes, plain: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + gcm_seal(key, nonce, plain, associated)


def _open(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    return gcm_open(key, sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)


def active_key() -> str:
    """Return the id of the key that encrypts new values: the last one."""
    return list(_parse_keys(settings.FIELD_KEYS))[-1]


def active_header() -> bytes:
    """Return the first bytes of every new value: the length of the key's id, and the id."""
    name = active_key()
    return bytes([len(name)]) + name.encode()


def encrypt(text: str, associated: bytes) -> bytes:
    """Return ``text`` as bytes: length of key id, key id, nonce, SM4-GCM ciphertext, tag (16 bytes)."""
    header = active_header()
    key = _parse_keys(settings.FIELD_KEYS)[active_key()]
    return header + _seal(key, text.encode(), header + associated)


def decrypt(sealed: bytes | memoryview, associated: bytes) -> str:
    """Return the text of ``sealed``; raises WrongKey for an unknown key or a value moved from another row."""
    sealed = bytes(sealed)
    length = sealed[0]
    header, body = sealed[: 1 + length], sealed[1 + length :]
    key = _parse_keys(settings.FIELD_KEYS).get(header[1:].decode("ascii", "replace"))
    if key is None:
        raise WrongKey("the value was written with a key that is not at hand")
    return _open(key, body, header + associated).decode()


def blind_index(purpose: str, value: str) -> str:
    """Return the keyed SM3 digest (64 hex digits) by which equal values of one purpose are found."""
    digest = HMAC(_bytes("PORTAL_INDEX_KEY", settings.INDEX_KEY), hashes.SM3())
    digest.update(purpose.encode() + b"\x00" + value.encode())
    return digest.finalize().hex()


def wrap(key: bytes, label: str) -> bytes:
    """Return ``key`` encrypted under the master key and bound to ``label``."""
    return _seal(_bytes("PORTAL_MASTER_KEY", settings.MASTER_KEY)[:16], key, label.encode())


def unwrap(sealed: bytes, label: str) -> bytes:
    """Return the key encrypted by ``wrap``; raises WrongKey for another label or master key."""
    return _open(_bytes("PORTAL_MASTER_KEY", settings.MASTER_KEY)[:16], sealed, label.encode())


def token(key: bytes, text: str) -> bytes:
    """Return the 32-byte HMAC-SHA-256 of ``text`` under ``key``."""
    return hmac.digest(key, text.encode(), "sha256")
