"""Log lines hold nothing personal and cannot be forged."""

import json
import logging

import pytest
from django.core import signing
from django.urls import reverse

from portal.core.logs import LineFormatter, MaskFilter, scrub, shown_path
from portal.settings.areas import LOGGED_AS


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


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/c/K3DF79MQ2R/", "/room/…"),
        ("/C/k3df7-9mq2r", "/room/…"),
        ("//c/K3DF79MQ2R/", "/room/…"),
        ("/nursing_rooms/room/K3DF79MQ2R/visit/", "/room/…"),
        ("/nursing_rooms/places/7/", "/room/…"),
        ("/nursing_rooms/rooms/7/", "/nursing_rooms/rooms/7/"),
        ("/rights/help/request/", "/help/…"),
        ("/rights/leave/", "/help/…"),
        ("/rights/cases/7/accept/", "/help/…"),
        ("/rights/stations/7/", "/rights/stations/7/"),
        ("/notices/c/7/", "/notices/c/7/"),
        ("/", "/"),
    ],
)
def test_no_log_says_which_room_or_which_help_was_sought(path, shown):
    assert shown_path(path) == shown
    for words in ("Not Found: %s", "Forbidden (CSRF cookie not set.): %s", "<WSGIRequest: GET '%s'>"):
        record = _record(words, path)
        assert MaskFilter().filter(record)
        assert record.getMessage() == words % shown


def test_the_names_of_hidden_addresses_are_those_of_the_urls():
    """A page that is moved must be hidden at its new address too."""
    named = {
        "papers:certificate-check": ["K3DF79MQ2R"],
        "nursing_rooms:door-show": ["K3DF79MQ2R"],
        "nursing_rooms:door-visit": ["K3DF79MQ2R"],
        "nursing_rooms:door-report": ["K3DF79MQ2R"],
        "rights:help-ask": [],
        "rights:help-follow": [],
        "rights:help-followed": [],
        "rights:leave-show": [],
        "rights:case-detail": [7],
        "rights:case-file": [7],
        "rights:step-finish": [7],
    }
    assert {shown_path(reverse(name, args=arguments)) for name, arguments in named.items()} == set(LOGGED_AS)


def test_a_line_of_a_request_at_a_door_names_no_room(client, db, caplog):
    caplog.set_level(logging.INFO, "portal.request")
    client.get("/c/K3DF79MQ2R/")
    client.get("/nursing_rooms/room/K3DF79MQ2R/")
    lines = [LineFormatter().format(record) for record in caplog.records if record.name == "portal.request"]
    assert len(lines) == 2
    assert [json.loads(line)["path"] for line in lines] == ["/room/…", "/room/…"]
    assert "K3DF" not in "".join(lines)
