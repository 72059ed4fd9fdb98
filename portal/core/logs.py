"""Log lines: one event a line, nothing personal."""

import json
import logging
import re

from django.utils import timezone

from portal.core.requests import request_id

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|1\d{10})(?![0-9A-Za-z])")
# One-time links and other keys: 32 hexadecimal digits or more in a row. The digests of the audit's seals
# are meant to be read.
_TOKENS = re.compile(r"(?<![0-9A-Za-z])(?<!digest=)(?<!previous=)[0-9a-f]{32,}(?![0-9A-Za-z])")
# Signed values in an address, as Django's own lines show it: "Not Found: /messages/mailbox/confirm/...".
_SIGNED = re.compile(r"/[\w:=.-]{32,}(?=[/?\s]|$)", re.ASCII)
_DETAIL = re.compile(r"DETAIL:.*", re.DOTALL)
# Beside what JSON escapes: DEL and C1, line separators, marks that turn the direction of what follows, lone surrogates.
_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Parts of a path that are one-time links and signed values.
_LONG_PART = re.compile(r"[\w:=.-]{32,}", re.ASCII)
# What a caller may hand on as ``extra``: names of the house, plain values.
EXTRA = ("method", "path", "status", "ms", "task", "job")


def scrub(text: str) -> str:
    """Return ``text`` without identity numbers, phones, tokens and PostgreSQL's DETAIL, which prints key values."""
    return _DETAIL.sub("DETAIL: (left out)", _TOKENS.sub("(token)", _NUMBERS.sub("(number)", text)))


def shown_path(path: str) -> str:
    """Return ``path`` as a log may keep it: long parts are one-time links and signed values, and open doors."""
    return _LONG_PART.sub("(long)", path)[:200]


class MaskFilter(logging.Filter):
    """Replaces what looks like an identity number, a phone or a one-time link in message and arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SIGNED.sub("/(token)", scrub(record.getMessage()))
        record.args = ()
        return True


class LineFormatter(logging.Formatter):
    """One JSON object a line, so that no value can start a line of its own or steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": timezone.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            # Django tells of some answers after the request's block has ended, and hands the request on.
            "request": request_id() or getattr(getattr(record, "request", None), "number", ""),
            "message": record.getMessage(),
        }
        for name in EXTRA:
            if hasattr(record, name):
                value = getattr(record, name)
                entry[name] = scrub(value) if isinstance(value, str) else value
        if record.exc_info:
            entry["exception"] = scrub(self.formatException(record.exc_info))
        line = json.dumps(entry, ensure_ascii=False, default=str)
        return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", line)
