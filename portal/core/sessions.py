"""Sessions in the database, encrypted as a whole: a row of ``django_session`` shows only when it ends.

What a page stores in its session (a search term, the token of an invitation, a URL to continue to) is personal data so
often that no page should have to consider it. Each session is bound to its own session key, so a copied row cannot be
decrypted.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.db import SessionStore as Store
from django.contrib.sessions.models import Session
from django.db import transaction

from portal.core import crypto

if TYPE_CHECKING:
    from typing import Any

BATCH = 500


def _place(session_key: str | None) -> bytes:
    return b"django_session." + (session_key or "").encode()


def _header(session_data: str) -> bytes | None:
    """Return the bytes that name the encryption key of a row, or None if it is no encrypted session."""
    try:
        sealed = base64.b64decode(session_data, validate=True)
        return sealed[: 1 + sealed[0]]
    except (binascii.Error, ValueError, IndexError):
        return None


class SessionStore(Store):
    """The session engine (SESSION_ENGINE)."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        text = json.dumps(session_dict, separators=(",", ":"))
        return base64.b64encode(crypto.encrypt(text, _place(self.session_key))).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return the content of a row, or an empty session if it cannot be decrypted.

        The person then signs in again.
        """
        try:
            text = crypto.decrypt(base64.b64decode(session_data, validate=True), _place(self.session_key))
            held: dict[str, Any] = json.loads(text)
        except (crypto.WrongKey, binascii.Error, ValueError, IndexError):
            return {}
        return held


def keys_in_use() -> dict[str, int]:
    """Return the number of sessions under each key id; "none" counts rows that are not encrypted."""
    found: dict[str, int] = {}
    for data in Session.objects.order_by("pk").values_list("session_data", flat=True).iterator(BATCH):
        header = _header(data)
        name = header[1:].decode("ascii", "replace") if header else "none"
        found[name] = found.get(name, 0) + 1
    return found


def rotate() -> int:
    """Re-encrypt the sessions that are under an older key; return how many.

    A session that cannot be decrypted is deleted. A session that its person saves at the same moment is left as saved,
    which is under the active key.
    """
    active, after, written = crypto.active_header(), "", 0
    while True:
        with transaction.atomic():
            rows = list(Session.objects.filter(pk__gt=after).order_by("pk").select_for_update(skip_locked=True)[:BATCH])
            for row in rows:
                after = row.pk
                if _header(row.session_data) == active:
                    continue
                store = SessionStore(row.session_key)
                held = store.decode(row.session_data)
                if held:
                    Session.objects.filter(pk=row.pk).update(session_data=store.encode(held))
                    written += 1
                else:
                    row.delete()
        if not rows:
            return written
