"""Property 9 at length: more random trees, moves and rows than a run of the suite tries.

They are chosen anew each time.
"""

import os
import subprocess
import sys
import time

from tests.databases import ROOT
from tests.drills.planted import CHOSEN_BY_THE_RUN

LAWS = "tests/statistics/test_laws.py"
EXAMPLES = 150


def test_the_laws_hold_for_many_more_examples(measured):
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", LAWS]
    env = {name: value for name, value in os.environ.items() if name not in CHOSEN_BY_THE_RUN}
    env["PORTAL_LAW_EXAMPLES"] = str(EXAMPLES)
    begun = time.monotonic()
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    measured(examples=EXAMPLES, took=f"{time.monotonic() - begun:.0f} s")
