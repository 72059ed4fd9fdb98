"""Leaks of matchmaking made on purpose, all in one copy of the tree.

The crawl of its pages must name each of them. One crawl takes as long as fifty tests, so the leaks are planted
together; each one is recognised by its own words, reader and page.
"""

import re

import pytest

from tests.drills.planted import Tree

SINGLES, ROWS = "matchmaking/views/member/singles.py", "portal/statistics/views/rows.py"
SEARCHING = '        context["searching"] = self.searches\n'
LOGGED = '        __import__("logging").getLogger("portal.request").info("by %s", self.request.user.phone)\n'
OWN_PLACE = "pair__event__organization__path__in=_own_paths(actor), "
# Leak -> (changes as (file, old, new), what the crawl must report about it).
PLANTED = {
    "a page shows a phone": (
        [
            (
                "templates/matchmaking/volunteer_detail.html",
                '<p class="quiet">{% translate',
                '<p class="quiet">{{ object.member.phone }} {% translate',
            )
        ],
        r"the matchmaker's phone: county at matchmaking:volunteer-detail",
    ),
    "the candidates' page shows who chose me": (
        [
            (
                "matchmaking/views/member/choosing.py",
                '"checked": card.pk in chosen,',
                '"checked": card.pk in chosen or self.mine.pk in own_choices(card),',
            )
        ],
        r"him at matchmaking:meet-choose reads something else",
    ),
    "the search shows a hidden single to a colleague": (
        [
            (
                "matchmaking/querysets/profiles.py",
                "rows.not_blocked_with(seeker.member).hidden_away_from(seeker.member).not_hidden_from_by(seeker)",
                "rows.not_blocked_with(seeker.member)",
            )
        ],
        r"her nickname: colleague at matchmaking:single-list",
    ),
    "a log line has a phone": (
        [(SINGLES, SEARCHING, SEARCHING + LOGGED)],
        r"his phone stands in a log line",
    ),
    "a public list names a restricted event": (
        [
            (
                "matchmaking/querysets/events.py",
                "open_to_all = Q(state__in=PUBLIC_STATES, restricted=False)",
                "open_to_all = Q(state__in=PUBLIC_STATES)",
            )
        ],
        r"the open restricted event: colleague at matchmaking:meet-list",
    ),
    "rows of statistics name a restricted event": (
        [
            (
                "portal/statistics/selectors/rows.py",
                "mine = found.visible_to(actor)",
                "mine = found",
            ),
            (ROWS, "else str(record)\n", "else f\"{record} {getattr(record, 'event', None)}\"\n"),
        ],
        r"the restricted event that is over: county at statistics:figure-rows",
    ),
    "a to-do names a restricted event": (
        [
            (
                "matchmaking/todo.py",
                f"FollowUp.objects.due().filter({OWN_PLACE}due_on__lte=today)",
                "FollowUp.objects.due().filter(due_on__lte=today)",
            )
        ],
        r"the restricted event that is over: county at home",
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The report of the crawl on a copy with all the leaks."""
    tree = Tree(tmp_path_factory.mktemp("leaks"))
    for changes, _words in PLANTED.values():
        for change in changes:
            tree.patch(*change)
    outcome = tree.test("tests/access/test_leaks.py", seconds=1800)
    assert outcome.code == 1, outcome.said[-3000:]
    return outcome.said


@pytest.mark.parametrize("leak", PLANTED)
def test_a_planted_leak_is_named(said, measured, leak):
    _changes, words = PLANTED[leak]
    found = re.search(words, said)
    measured(leak=leak, seen=found[0] if found else "nothing")
    assert found
