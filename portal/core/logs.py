"""Log lines: one event per line, nothing personal."""

import json
import logging
import re

from django.utils import timezone

from portal.core.requests import request_id
from portal.settings.areas import LOGGED_AS

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|1\d{10})(?![0-9A-Za-z])")
# One-time links and other keys: 32 or more hexadecimal digits in a row. The digests of the audit's seals are excepted,
# because they are meant to be read.
_TOKENS = re.compile(r"(?<![0-9A-Za-z])(?<!digest=)(?<!previous=)[0-9a-f]{32,}(?![0-9A-Za-z])")
# Signed values in a URL, as Django's own log lines show it: "Not Found: /messages/mailbox/confirm/...".
_SIGNED = re.compile(r"/[\w:=.-]{32,}(?=[/?\s]|$)", re.ASCII)
_DETAIL = re.compile(r"DETAIL:.*", re.DOTALL)
# Characters beyond those that JSON escapes: DEL and C1, line separators, marks that change the direction of the text
# after them, lone surrogates.
_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Parts of a path that are one-time links and signed values.
_LONG_PART = re.compile(r"[\w:=.-]{32,}", re.ASCII)
# Addresses of plates, rooms and help, wherever one stands in a line; a path of a file that goes on from a word is none.
_QUIET = {
    shown: re.compile(rf"(?<![\w.-])/+(?:{'|'.join(map(re.escape, beginnings))})/[^\s?\"'<>]*", re.IGNORECASE)
    for shown, beginnings in LOGGED_AS.items()
}
# What a caller may pass as ``extra``: names from this code, plain values.
EXTRA = ("method", "path", "status", "ms", "task", "job")


def scrub(text: str) -> str:
    """Return ``text`` without identity numbers, phones, tokens and PostgreSQL's DETAIL, which prints key values."""
    return _DETAIL.sub("DETAIL: (left out)", _TOKENS.sub("(token)", _NUMBERS.sub("(number)", text)))


def quiet(text: str) -> str:
    """Return ``text`` without the addresses that say which room or which help somebody sought (LOGGED_AS)."""
    for shown, pattern in _QUIET.items():
        text = pattern.sub(shown, text)
    return text


def shown_path(path: str) -> str:
    """Return ``path`` for the log: without the addresses in LOGGED_AS, and with its long parts replaced.

    Long parts are one-time links and signed values, which give access.
    """
    for shown, pattern in _QUIET.items():
        if pattern.match(path):
            return shown
    return _LONG_PART.sub("(long)", path)[:200]


class MaskFilter(logging.Filter):
    """Replaces in message and arguments identity numbers, phones, one-time links, and addresses in LOGGED_AS."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SIGNED.sub("/(token)", quiet(scrub(record.getMessage())))
        record.args = ()
        return True


class LineFormatter(logging.Formatter):
    """Formats a record as one JSON object per line.

    No value can start a line of its own or control a terminal.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": timezone.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            # Django logs some responses after the block of the request has ended, and passes the request along.
            "request": request_id() or getattr(getattr(record, "request", None), "number", ""),
            "message": record.getMessage(),
        }
        for name in EXTRA:
            if hasattr(record, name):
                value = getattr(record, name)
                entry[name] = scrub(value) if isinstance(value, str) else value
        if record.exc_info:
            entry["exception"] = quiet(scrub(self.formatException(record.exc_info)))
        line = json.dumps(entry, ensure_ascii=False, default=str)
        return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", line)
