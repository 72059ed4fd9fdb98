"""Sessions in the database, encrypted as a whole: a row of ``django_session`` shows when it ends and nothing else.

What a page puts into its session (a term looked up, the token of an invitation, an address to go on to) is personal
often enough that nobody should have to think of it. Each session is bound to its own key, so a copy does not open.
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
    """Return the bytes that name the key of a row, or None for what is no encrypted session."""
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
        """Return what a row holds; an empty session where it does not open: its person signs in anew."""
        try:
            text = crypto.decrypt(base64.b64decode(session_data, validate=True), _place(self.session_key))
            held: dict[str, Any] = json.loads(text)
        except (crypto.WrongKey, binascii.Error, ValueError, IndexError):
            return {}
        return held


def keys_in_use() -> dict[str, int]:
    """Return how many sessions lie under each key id; "none" are rows that are not encrypted."""
    found: dict[str, int] = {}
    for data in Session.objects.order_by("pk").values_list("session_data", flat=True).iterator(BATCH):
        header = _header(data)
        name = header[1:].decode("ascii", "replace") if header else "none"
        found[name] = found.get(name, 0) + 1
    return found


def rotate() -> int:
    """Write the sessions that lie under an older key anew; return how many. One that does not open is deleted.

    A session that its person saves at the same moment is left as she saved it, which is under the active key.
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
