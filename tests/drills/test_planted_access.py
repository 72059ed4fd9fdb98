"""Permissions broken on purpose.

Each fault is planted in a copy of the tree, and the access tests must fail there.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.databases import ROOT

LEFT_OUT = (".git", ".venv", "node_modules", "var", ".pytest_cache", ".ruff_cache", "__pycache__")
RED_CELL = re.compile(r"^[\w:-]+ (?:GET|POST) \w+: expected \w+, got \w+$", re.MULTILINE)
RED_TEST = re.compile(r"^FAILED ", re.MULTILINE)
MATRIX = "tests/access/test_matrix.py"
ADMIN = "tests/access/test_admin_scope.py"
# Fault -> (file, original text, planted text, tests to run, the least number of cells or tests that must fail).
PLANTED = {
    "67: a duty of a new account given alone": (
        "portal/members/selectors.py",
        '    if is_young(member):\n        return YOUNG\n    return OWN if has_hand_in(actor.pk, member.pk) else ""',
        '    return ""',
        ["tests/attacks/test_duties_alone.py", "-k", "chair-unit or harmless or entered_by_an_account"],
        3,
    ),
    "67: a second person from the proposer's own hand": (
        "portal/members/choices.py",
        "    return actor.pk != row.member_id and actor.may_second({row.proposed_by_id}, both_ways=True)",
        "    return actor.pk not in {row.proposed_by_id, row.member_id}",
        ["tests/attacks/test_duties_alone.py", "-k", "by_fraud_once"],
        1,
    ),
    "68: a held duty that goes": (
        "portal/members/services/duties.py",
        "    if not _has_begun(held) and on <= held.valid_from:",
        "    if on <= held.valid_from:",
        ["tests/attacks/test_held_duties.py"],
        4,
    ),
    "69: a number that nobody compares": (
        "portal/members/services/people.py",
        "    if phones_taken([phone], but=but):",
        "    if phones_taken([phone], but=but) and but is None:",
        ["tests/attacks/test_one_phone.py"],
        4,
    ),
    "a capability too many in the role table": (
        "portal/core/roles.py",
        "Role.REVIEWER: _row((V, AP),",
        "Role.REVIEWER: _row((V, E, AP),",
        [MATRIX, "-k", "matchmaking:event-update or matchmaking:event-publish"],
        4,
    ),
    "a view without visible_to": (
        "portal/organizations/views/employers.py",
        '    template_name = "organizations/employer_detail.html"\n',
        """    template_name = "organizations/employer_detail.html"

    def get_queryset(self):
        return Employer.objects.all()
""",
        [MATRIX, "-k", "organizations:employer-detail"],
        3,
    ),
    "a completion of the admin without scope": (
        "portal/organizations/admin.py",
        '    ordering = ("pinyin", "pk")\n',
        """    ordering = ("pinyin", "pk")

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request)
""",
        [ADMIN, "-k", "completion_offers"],
        3,
    ),
    "an export without scope": (
        "portal/web/lists.py",
        '        return rows.filter(pk__in=reached.order_by().values("pk"))',
        "        return reached.none() | self.model._default_manager.all().order_by(*table.data.data.query.order_by)",
        ["tests/exchange/test_exports.py", "-k", "readers_rows_alone or without_the_capability"],
        1,
    ),
    "a duty that counts on after its end": (
        "portal/members/querysets.py",
        "Q(valid_until__gt=day)",
        "Q(valid_until__gte=day)",
        [MATRIX, "-k", "members:member-detail or members:member-update"],
        3,
    ),
}


@pytest.fixture(scope="module")
def copy_of_the_tree():
    """A copy below var/ with servers of its own, deleted afterwards."""
    folder = ROOT / "var" / f"planted-{os.getpid()}"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (folder / "var" / "test").mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def run(folder, tests):
    """Run ``tests`` in the copy and return their output."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "PORTAL_", "REDIS_"))}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = ["-m", "deploy.servers", "with", "var/test", "--test", "--", sys.executable, "-B", "-m", "pytest"]
    command += ["-n", "0", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=short", *tests]
    result = subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert result.returncode in (0, 1), result.stdout + result.stderr
    return result.stdout


def red(printed):
    """Return the number of failed cells of the matrix or, if there are none, of failed tests."""
    return len(RED_CELL.findall(printed)) or len(RED_TEST.findall(printed))


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_turns_the_tests_red(copy_of_the_tree, measured, fault):
    name, standing, planted, tests, least = PLANTED[fault]
    path = copy_of_the_tree / name
    whole = path.read_text(encoding="utf-8")
    assert standing in whole
    clean = red(run(copy_of_the_tree, tests))
    path.write_text(whole.replace(standing, planted), encoding="utf-8")
    try:
        found = red(run(copy_of_the_tree, tests))
    finally:
        path.write_text(whole, encoding="utf-8")
    measured(fault=fault, red_before=clean, red_with_it=found)
    assert (clean, found >= least) == (0, True)
