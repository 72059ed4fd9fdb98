"""Planted failures of docs/reliability.md, 75 to 80.

They break the restore, permissions, the archive and the age of backups.
"""

import pytest

from tests.drills.test_planted_faults import Planted, see

BACKUPS, RESTORING = "portal/core/backups.py", "portal/core/restoring.py"
PRIVILEGES, HEALTH, ARCHIVE = "portal/core/privileges.py", "portal/core/health.py", "deploy/archive.py"

PLANTED = [
    Planted(
        "75-an-argument-of-a-later-python",
        ((BACKUPS, "for member in archive:", "for member in archive.extractall(storage, filter='data') or ():"),),
        "tests/layout/test_oldest_python.py::test_no_source_uses_what_came_later",
        r"extractall\(filter=\) came with Python 3.11.4",
    ),
    Planted(
        "76-an-attempt-that-clears-no-rows",
        ((RESTORING, "            _clear_database(cursor)\n", "            pass\n"),),
        "tests/core/test_backups.py::test_a_restore_that_was_killed_is_repeated",
        "pg_restore ended with 1",
    ),
    Planted(
        "76-an-attempt-that-takes-every-file-for-its-own",
        ((RESTORING, "foreign = sorted(there - brought)", "foreign = []"),),
        "tests/core/test_backups.py::test_a_repeated_restore_touches_no_file_of_somebody_else",
        "DID NOT RAISE",
    ),
    Planted(
        "77-rights-as-the-default-privileges-give-them",
        ((PRIVILEGES, "NARROWED.get(name, ROWS))", "ROWS)"),),
        "tests/core/test_backups.py::test_a_restore_that_was_killed_is_repeated",
        "audit_auditentry: UPDATE, DELETE",
    ),
    Planted(
        "78-rights-to-single-columns-forgotten",
        ((PRIVILEGES, "OR (p = 'UPDATE' AND has_any", "OR (p = 'NONE' AND has_any"),),
        "tests/core/test_privileges.py::test_a_role_that_could_change_the_audit_does_not_serve",
        "False|DID NOT RAISE|assert",
    ),
    Planted(
        "79-a-damaged-segment-is-the-end",
        ((ARCHIVE, "NOT_THERE, BROKEN = 1, 200", "NOT_THERE, BROKEN = 1, 1"),),
        "tests/deploy/test_archive.py::test_postgresql_is_told_the_end_from_what_is_broken",
        "1 == 200",
    ),
    Planted(
        "80-no-backup-is-well",
        ((HEALTH, 'Check("backup", not settings.BACKUP_HOURS, _', 'Check("backup", True, _'),),
        "tests/core/test_backups.py::test_an_old_backup_is_red_and_so_is_none",
        r"\(True, True\) == \(False, True\)",
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_failure_is_seen(planted, tmp_path, measured):
    see(planted, tmp_path, measured)
