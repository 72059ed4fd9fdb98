"""The code of the release before on the tables of this one: what it writes during an upgrade, by its own tests.

Tests of the previous release run in its own tree, against tables made by the migrations of this one.
"""

import os
import re
import subprocess
import sys

import pytest

from tests.databases import ROOT
from tests.drills.releases import previous, tree_of_previous

# What people write every day, including uploads: members, events, choices, notices, imports, files, messages, audit.
WRITES = (
    "tests/members/test_people.py",
    "tests/members/test_vouching.py",
    "tests/members/test_sign_in.py",
    "tests/members/test_children.py",
    "tests/members/test_imports.py",
    "tests/matchmaking/test_signing_up.py",
    "tests/matchmaking/test_participations.py",
    "tests/matchmaking/test_choosing.py",
    "tests/matchmaking/test_events.py",
    "tests/matchmaking/test_profiles.py",
    "tests/matchmaking/test_weddings.py",
    "tests/notices/test_services.py",
    "tests/organizations/test_services.py",
    "tests/exchange/test_services.py",
    "tests/exchange/test_storage.py",
    "tests/messaging/test_services.py",
)


@pytest.fixture
def old(tmp_path):
    """A tree of the previous release whose tests run on tables made by this tree's migrations."""
    tree = tree_of_previous(tmp_path / "old")
    path = tree / "tests/databases.py"
    text = path.read_text(encoding="utf-8")
    assert text.count('"migrate", "-v", "0", "--no-input"],\n        cwd=ROOT,') == 1
    path.write_text(
        text.replace('"--no-input"],\n        cwd=ROOT,', f'"--no-input"],\n        cwd="{ROOT}",'), encoding="utf-8"
    )
    return tree


def test_old_code_writes_on_new_tables(old, measured):
    files = [name for name in WRITES if (old / name).exists()]
    assert len(files) > 8
    command = [sys.executable, "-m", "deploy.servers", "with", str(old / "var/test"), "--test", "--", sys.executable]
    command += ["-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *files]
    ours = ("DJANGO_", "DATABASE_", "REDIS_", "PORTAL_", "PYTEST_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(command, cwd=old, env=env, capture_output=True, text=True, check=False)
    told = re.search(r"(\d+) passed", done.stdout)
    measured(previous=previous(), files=len(files), passed=told[1] if told else 0)
    assert done.returncode == 0, done.stdout[-5000:]
