"""Log lines: one event a line, nothing personal."""

import json
import logging
import re

from django.utils import timezone

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|1\d{10})(?![0-9A-Za-z])")
_DETAIL = re.compile(r"DETAIL:.*", re.DOTALL)


def scrub(text):
    """Return ``text`` without identity numbers, phones and PostgreSQL's DETAIL, which prints key values."""
    return _DETAIL.sub("DETAIL: (left out)", _NUMBERS.sub("(number)", text))


class MaskFilter(logging.Filter):
    """Replaces what looks like an identity number or a phone in message and arguments."""

    def filter(self, record):
        record.msg = scrub(record.getMessage())
        record.args = ()
        return True


class LineFormatter(logging.Formatter):
    """One JSON object a line, so that no value can start a line of its own."""

    def format(self, record):
        entry = {
            "at": timezone.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = scrub(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
