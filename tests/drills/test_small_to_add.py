"""A small model with four states, and then one step, are added to a fresh copy.

They are added as docs/how-to.md says, and the files and edits are counted.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from tests.drills import adding

ROOT = Path(__file__).parents[2]
CATALOG = "locale/zh_Hans/LC_MESSAGES/django.po"
MOST_FILES, MOST_EDITS = 14, 6
CHECKED = (
    "tests/access/test_matrix.py",
    "tests/rights",
    "tests/layout/test_modules.py",
    "tests/layout/test_translations.py",
    "tests/layout/test_migrations.py",
    "tests/layout/test_bounds.py",
    "tests/layout/test_services_of_pages.py",
)


def write(copy, edits):
    """Apply the edits to the copy and return the set of files and the number of edits."""
    for edit in edits:
        path = copy / edit.path
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert edit.before in text, f"{edit.path}: {edit.before!r} is not there"
        made = text.replace(edit.before, edit.text + edit.before, 1) if edit.before else text + edit.text
        path.write_text(made, encoding="utf-8")
    return {edit.path for edit in edits}, len(edits)


def matrix(copy, lines):
    """Insert lines into the area's matrix in the required order."""
    path = copy / "tests/rights/matrix.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *sorted([*rows, *lines])]) + "\n", encoding="utf-8")
    return {"tests/rights/matrix.csv"}, 1


def run(copy, *command):
    """Run a command in the copy with the test servers and return its output."""
    env = {**os.environ, "PYTHONPATH": str(copy)}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_DATABASE_ROLE", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    servers = [sys.executable, "-m", "deploy.servers", "with", "var/test", "--test", "--"]
    done = subprocess.run([*servers, *command], cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def translate(copy):
    """Extract the catalogs and fill in the Chinese translations; return the files and one edit."""
    manage = ("env", "DJANGO_SETTINGS_MODULE=portal.settings.test", sys.executable, "manage.py")
    run(copy, *manage, "catalogs", "extract")
    with (copy / CATALOG).open("rb") as file:
        catalog = read_po(file)
    for message in catalog:
        if message.id and not message.string:
            message.string = adding.CHINESE[message.id]
    with (copy / CATALOG).open("wb") as file:
        write_po(file, catalog, width=0)
    run(copy, *manage, "catalogs", "extract")
    return {CATALOG}, 1


def total(*counts):
    """Return all files and the sum of the edits of ``counts``."""
    files = set().union(*(found for found, _number in counts))
    return files, sum(number for _found, number in counts)


def test_a_model_takes_fourteen_files_and_a_step_six_edits(tmp_path):
    copy = tmp_path / "portal"
    left_out = shutil.ignore_patterns("var", ".git", "node_modules", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, copy, ignore=left_out, symlinks=True)
    manage = ("env", "DJANGO_SETTINGS_MODULE=portal.settings.test", sys.executable, "manage.py")
    files, edits = total(
        write(copy, adding.MODEL),
        write(copy, adding.MODEL_OBJECTS),
        matrix(copy, adding.LINES),
        ({"rights/migrations/0004_lecture.py"}, 0),
    )
    run(copy, *manage, "makemigrations", "rights", "-n", "lecture")
    more, _one = translate(copy)
    files |= more
    run(
        copy,
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-k",
        "not admin: and not matchmaking: and not members:",
        *CHECKED,
    )
    said = [f"a model: {len(files)} files, {edits + 1} edits", *sorted(files)]
    step_files, step_edits = total(
        write(copy, adding.STEP), write(copy, adding.STEP_OBJECTS), matrix(copy, adding.STEP_LINES), translate(copy)
    )
    run(copy, sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", "rights or line", *CHECKED)
    said += [f"a step: {len(step_files)} files, {step_edits} edits", *sorted(step_files)]
    sys.stdout.write("\n".join(["", *said, ""]))
    assert len(files) <= MOST_FILES
    assert step_edits <= MOST_EDITS
