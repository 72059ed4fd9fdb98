"""Planted failures of docs/reliability.md, 58 to 63.

They break backups, sessions, guesses, kept pages and costly requests.
"""

import pytest

from tests.drills.test_planted_faults import Planted, see

LIMITS, MIDDLEWARE = "portal/core/limits.py", "portal/web/middleware.py"
SEALING, BACKUPS = "portal/core/sealing.py", "portal/core/backups.py"
SUPPRESSION, PICTURES = "portal/statistics/suppression.py", "portal/exchange/pictures.py"

PLANTED = [
    Planted(
        "58-a-seal-that-seals-nothing",
        ((SEALING, "pyrage.encrypt_io(source, file, keys)", 'file.write(b"".join(iter(source.read, b"")))'),),
        "tests/attacks/test_backups.py::test_a_backup_shows_no_number_name_or_photograph",
        "JFIF",
    ),
    Planted(
        "58-restored-before-it-is-opened",
        ((BACKUPS, "if sealing.digest_of(folder / part, keys) != digest]", "if part is digest]"),),
        "tests/attacks/test_backups.py::test_what_was_changed_or_cut_off_is_refused_before_anything_is_written",
        "unexpected end of data",
    ),
    Planted(
        "59-sessions-in-clear",
        (("portal/settings/base.py", '"portal.core.sessions"', '"django.contrib.sessions.backends.db"'),),
        "tests/attacks/test_sessions.py::test_sessions_hold_nothing_in_clear",
        "19931117",
    ),
    Planted(
        "60-tries-that-do-not-wait-for-each-other",
        ((LIMITS, "SELECT pg_advisory_xact_lock(%s)", "SELECT %s"),),
        "tests/attacks/test_parallel_guesses.py::test_of_forty_wrong_passwords_at_once_five_are_judged",
        "== 5",
    ),
    Planted(
        "60-a-bound-that-bounds-nothing",
        ((LIMITS, "1, %s WHERE %s > (SELECT coalesce", "1, %s WHERE 30 + %s > (SELECT coalesce"),),
        "tests/attacks/test_parallel_guesses.py::test_of_forty_wrong_passwords_at_once_five_are_judged",
        "== 5",
    ),
    Planted(
        "60-one-count-for-every-door",
        (("portal/members/services/sign_in.py", 'f"code.phone.{purpose}"', '"code.phone"'),),
        "tests/attacks/test_parallel_guesses.py::"
        "test_who_asks_for_codes_at_the_public_door_uses_up_no_second_step_of_staff",
        "assert|KeyError",
    ),
    Planted(
        "61-doors-that-may-be-kept",
        ((MIDDLEWARE, '"Cache-Control" not in response', "False"),),
        "tests/attacks/test_kept_pages.py::test_every_step_of_the_ways_in_is_kept_nowhere",
        "/sign-in/",
    ),
    Planted(
        "62-small-cells-alone",
        ((SUPPRESSION, "while making.network.is_fixed(cell):", "while False:"),),
        "tests/statistics/test_suppression.py::test_no_small_cell_is_recovered",
        r"== \[\]",
    ),
    Planted(
        "62-a-network-that-forgets-bounds",
        ((SUPPRESSION, "shrinks = value > (1 if why == Hidden.SMALL else LEAST)", "shrinks = True"),),
        "tests/statistics/test_suppression.py::test_what_is_recovered_is_what_the_solver_recovers",
        "assert",
    ),
    Planted(
        "63-costs-that-nobody-counts",
        ((MIDDLEWARE, "if kind and request.user.is_authenticated:", "if not kind and request.user.is_anonymous:"),),
        "tests/attacks/test_costly_requests.py::test_sending_a_costly_form_is_counted_and_opening_it_is_not",
        "429",
    ),
    Planted(
        "63-pictures-side-by-side",
        ((PICTURES, "_turn = threading.Lock()", "_turn = threading.Semaphore(9)"),),
        "tests/attacks/test_pictures.py::test_no_two_pictures_are_decoded_at_once",
        "assert",
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_failure_is_seen(planted, tmp_path, measured):
    see(planted, tmp_path, measured)
