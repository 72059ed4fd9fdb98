"""What a person can read who has the database but no key.

This is every row as text, and sessions as far as they can be decoded.
"""

import base64
import binascii
import json
import zlib

from django.contrib.sessions.models import Session
from django.db import connection


def unpacked(data):
    """Return the content of a session that Django packs without a key: base64 of JSON, often compressed."""
    part = data.split(":")[0]
    packed = part.startswith(".")
    try:
        raw = base64.urlsafe_b64decode(part.lstrip(".") + "===")
        return str(json.loads(zlib.decompress(raw) if packed else raw))
    except (binascii.Error, ValueError, zlib.error):
        return ""


def in_database():
    """Return all rows of all tables as text, and the plain content of sessions."""
    with connection.cursor() as cursor:
        text = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            text.append(cursor.fetchone()[0] or "")
    sessions = Session.objects.values_list("session_data", flat=True)
    return "\n".join([*text, *map(unpacked, sessions)])
