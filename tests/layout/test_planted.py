"""The code that drills break on purpose is still in the sources.

A failure that can no longer be planted proves nothing.
"""

import pytest

from tests.databases import ROOT
from tests.drills import (
    test_planted_access,
    test_planted_exposed,
    test_planted_faults,
    test_planted_leaks,
    test_planted_providers,
    test_planted_singles,
)

KINDS = (test_planted_faults, test_planted_providers, test_planted_singles, test_planted_exposed)
FAULTS = [planted for kind in KINDS for planted in kind.PLANTED]
CHANGES = [(planted.name, *change) for planted in FAULTS for change in planted.changes]
CHANGES += [(fault, *change[:3]) for fault, change in test_planted_access.PLANTED.items()]
CHANGES += [(leak, *change) for leak, (changes, _words) in test_planted_leaks.PLANTED.items() for change in changes]
TESTS = {planted.test for planted in FAULTS}


@pytest.mark.parametrize(("name", "path", "standing"), [change[:3] for change in CHANGES])
def test_what_is_broken_stands_once(name, path, standing):
    assert (ROOT / path).read_text(encoding="utf-8").count(standing) == 1, name


@pytest.mark.parametrize("test", sorted(TESTS))
def test_the_test_that_must_notice_is_there(test):
    path, _, name = test.partition("::")
    assert (
        f"def {name.partition('[')[0]}(" in (ROOT / path).read_text(encoding="utf-8")
        if name
        else (ROOT / path).exists()
    )
