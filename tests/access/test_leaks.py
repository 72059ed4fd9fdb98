"""Who reads what of matchmaking.

Every word and number with limited readers is searched for on every page, in files, rows and logs.

A word or number is found by itself. A choice, an answer or a consent has no words of its own: for these, the pages of
the other readers are compared with the pages of the same world without it.
"""

import re
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import override_settings

from matchmaking.services.choosing import choices_set, event_reveal
from tests.access import leaks

# Readers whose pages are compared between a world in which one of two people has answered, and the same world without
# that answer.
COMPARED = ("him", "colleague", "county", "helper", "another")
COMPARED_PAGES = (
    r"home|messaging:inbox|audit:|statistics:(dashboard|explorer|figure-rows)|matchmaking:(?!meet-ticket-code)"
)


CANARIES = [one for module in leaks.AREAS.values() for one in module.CANARIES]
# Texts that messages contain for their recipients.
IN_ROWS = {name for module in leaks.AREAS.values() for name in module.IN_ROWS}
# The least number of pages that each reader opens.
OPENED = {"her": 50, "him": 50, "colleague": 30, "county": 150, "city": 150, "helper": 40, "system": 30, "visitor": 5}


@dataclass
class Found:
    """The results of the crawl."""

    walk: object
    files: list
    rows: dict
    lines: list
    changed: list
    reveals: dict


@pytest.fixture(scope="module")
def found(django_db_setup, django_db_blocker, tmp_path_factory):
    folders = {name: tmp_path_factory.mktemp(name.lower()) for name in ("KEY_DIR", "PRIVATE_STORAGE_DIR")}
    limits = {"EXPORTS_PER_HOUR": 1000, "MATCHMAKING_SEARCHES_PER_HOUR": 1000}
    with django_db_blocker.unblock(), override_settings(**folders, **limits), transaction.atomic():
        yield look()
        transaction.set_rollback(True)


def look():
    world = leaks.World()
    with leaks.undone(), leaks.logged() as lines:
        world.act()
        world.act_in_the_audit()
        walk = leaks.Walk(world).all().more()
        files, rows = list(leaks.files_of(world, walk)), rows_of()
    without = walk.again(COMPARED_PAGES, COMPARED)
    changed = unlike(without, walk.pages)
    quiet = walk.again("audit:|admin:audit", {"audit"})
    with leaks.undone():
        world.act()
        changed += unlike(quiet, walk.again("audit:|admin:audit", {"audit"}))
    reveals = {kind: revealed(world, kind) for kind in ("nobody chose", "she chose him", "both chose")}
    return Found(walk, files, rows, lines, changed, reveals)


def unlike(before, after):
    """Return the keys of the pages that differ apart from passing details."""
    return [key for key, page in before.items() if what_stays(page.words) != what_stays(after[key].words)]


def what_stays(words):
    return leaks.lasting_words(words)


def revealed(world, kind):
    """Return the pages of an event after its reveal, by reader and address."""
    with leaks.undone():
        hers, his = world.hers_there, world.his_there
        if kind != "nobody chose":
            choices_set(participation=hers, chosen=[his.pk], actor=world.her)
        if kind == "both chose":
            choices_set(participation=his, chosen=[hers.pk], actor=world.him)
        event_reveal(event=world.round, actor=world.chair)
        return {
            (reader, path): what_stays(leaks.get(world.clients[reader], path).words)
            for reader in COMPARED
            for path in world.pages_of_round()
        }


# Tables in which services leave rows that others read or that outlive the request.
LEFT = ("messaging_message", "messaging_reminder", "messaging_job", "audit_auditentry", "exchange_exportrun")


def rows_of():
    """Return {table: all its rows as text}."""
    found = {}
    with connection.cursor() as cursor:
        for table in LEFT:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def readings(found, one):
    """Return {reader: names of the pages and files in which the reader finds a canary}."""
    there = {}
    for (reader, name, _which, htmx), page in found.walk.pages.items():
        if one.words in page.words and re.fullmatch(one.at, name):
            there.setdefault(reader, set()).add(f"{name}{' by htmx' if htmx else ''}")
    for reader, name, words in found.files:
        if one.words in words and re.fullmatch(one.at, name):
            there.setdefault(reader, set()).add(f"{name} as a file")
    return there


def tell(lines):
    if lines:
        pytest.fail("\n".join(sorted(lines)), pytrace=False)


@pytest.mark.parametrize("one", CANARIES, ids=lambda one: one.name)
def test_it_is_read_by_those_alone_who_may(found, one):
    there = readings(found, one)
    tell(
        [
            f"{one.name}: {reader} at {name}"
            for reader, names in there.items()
            if reader not in one.readers
            for name in names
        ]
    )
    assert set(there) == one.readers


def test_what_one_of_two_says_changes_no_page_of_others(found):
    tell([f"{reader} at {name} reads something else ({which})" for reader, name, which, _htmx in found.changed])


def test_a_reveal_tells_of_mutual_choices_alone(found):
    nobody, one_sided, mutual = (found.reveals[kind] for kind in ("nobody chose", "she chose him", "both chose"))
    tell(
        [
            f"{reader} at {path} reads something else"
            for reader, path in nobody
            if nobody[reader, path] != one_sided[reader, path]
        ]
    )
    assert {reader for reader, path in nobody if nobody[reader, path] != mutual[reader, path]} >= {"him", "county"}


@pytest.mark.parametrize("one", [one for one in CANARIES if one.name not in IN_ROWS], ids=lambda one: one.name)
def test_it_stands_in_no_message_job_or_audit_entry(found, one):
    assert [(table, row) for table, rows in found.rows.items() for row in rows if one.words in row] == []


def test_no_log_line_has_any_of_it(found):
    assert len(found.lines) > 1000
    tell([f"{one.name} stands in a log line: {line}" for one in CANARIES for line in found.lines if one.words in line])


def test_the_walk_came_to_the_pages(found):
    opened = {}
    for (reader, *_rest), page in found.walk.pages.items():
        opened[reader] = opened.get(reader, 0) + (page.status == 200)
    assert [reader for reader, count in OPENED.items() if opened[reader] < count] == []
    assert {page.status for page in found.walk.pages.values()} <= {200, 302, 403, 404, 405, 409, 422}
