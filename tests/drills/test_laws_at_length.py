"""Property 9 at length: more random trees, moves and rows than a run of the suite tries, chosen anew each time."""

import os
import subprocess
import sys

from tests.databases import ROOT

LAWS = "tests/statistics/test_laws.py"
EXAMPLES = 150


def test_the_laws_hold_for_many_more_examples(measured):
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", LAWS]
    env = {**os.environ, "PORTAL_LAW_EXAMPLES": str(EXAMPLES)}
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:]
    measured(examples=EXAMPLES)
