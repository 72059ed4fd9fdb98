"""Builders for stored files."""

import secrets

from portal.exchange.choices import FileKind
from portal.exchange.models import StoredFile
from portal.exchange.services.files import file_store


def make_file_row(owner):
    """Return the row of a file that ``owner`` owns, with nothing stored behind it."""
    made = StoredFile(key=secrets.token_hex(20), name="a", kind=FileKind.values[0], size=1, uploaded_by=owner)
    made.save()
    return made


def make_file(owner, kind, content_type):
    """Return a file of one byte that ``owner`` uploaded."""
    return file_store(actor=owner, name="a", chunks=[b"x"], kind=kind, content_type=content_type)
