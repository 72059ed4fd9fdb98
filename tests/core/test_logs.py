"""Log lines hold nothing personal and cannot be forged."""

import json
import logging

import pytest
from django.core import signing

from portal.core.logs import LineFormatter, MaskFilter, scrub


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("sent to 13812345678", "sent to (number)"),
        ("identity 23010219900307123X seen", "identity (number) seen"),
        ("identity 23010219900307123x", "identity (number)"),
        ("phone=12000000001,", "phone=(number),"),
        ("Not Found: /sign-in/invitation/" + "0a" * 32 + "/", "Not Found: /sign-in/invitation/(token)/"),
        ("job 4711 took 12 ms", "job 4711 took 12 ms"),
        (
            "duplicate key\nDETAIL:  Key (phone)=(abc) already exists.\nmore",
            "duplicate key\nDETAIL: (left out)",
        ),
    ],
)
def test_scrub(line, clean):
    assert scrub(line) == clean


def _record(message, *args, exc_info=None):
    return logging.LogRecord("portal", logging.INFO, __file__, 1, message, args, exc_info)


def test_mask_filter_reads_the_arguments_too():
    record = _record("sent to %s in %d tries", "13812345678", 3)
    assert MaskFilter().filter(record)
    assert record.getMessage() == "sent to (number) in 3 tries"


@pytest.mark.parametrize("words", ["Not Found: %s", "Forbidden: %s", "Too Many Requests: %s"])
def test_a_signed_link_is_no_part_of_a_line(words):
    """Signed links are masked in log lines.

    Django logs the address of each refusal; the tokens for a mailbox and for an admission ticket are not made of
    hexadecimal digits.
    """
    for room in ("/messages/mailbox/confirm/", "/matchmaking/door/"):
        record = _record(words, f"{room}{signing.dumps({'pk': 7, 'index': 'x'})}/")
        assert MaskFilter().filter(record)
        assert record.getMessage() == words % f"{room}(token)/"
    record = _record(words, "/matchmaking/events/12/invitations/")
    assert MaskFilter().filter(record)
    assert record.getMessage() == words % "/matchmaking/events/12/invitations/"


def test_a_value_cannot_start_a_line_of_its_own():
    line = LineFormatter().format(_record("name %s", 'a\n{"level": "INFO"}'))
    assert "\n" not in line
    assert json.loads(line)["message"] == 'name a\n{"level": "INFO"}'


def test_an_exception_is_scrubbed():
    try:
        raise ValueError("Key exists\nDETAIL:  Key (phone)=(13812345678)")
    except ValueError as error:
        record = _record("failed", exc_info=(type(error), error, error.__traceback__))
    assert "13812345678" not in LineFormatter().format(record)
