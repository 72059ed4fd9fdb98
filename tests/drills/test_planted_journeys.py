"""What holds the first journeys of rights and nursing rooms.

Each fault is planted in a copy of the tree, where the experiment of its row in docs/reliability.md must notice it.
"""

import pytest

from tests.drills.test_planted_faults import Planted, see

PAGES = "tests/rights/test_cases_pages.py"
CASES, VISITS = "tests/rights/test_cases.py", "tests/nursing_rooms/test_visits.py"
INSPECTIONS = "tests/nursing_rooms/test_inspections.py"
OPENED = "            case_read(actor=request.user, case=self.object)\n"
KEEPER = " or actor in inspection.keepers()\n"

PLANTED = [
    Planted(
        "104-a-duty-above-opens-a-case",
        (
            (
                "rights/querysets/cases.py",
                "        return super().reached_by(actor, capability).assigned_to(actor)\n",
                "        return super().reached_by(actor, capability)\n",
            ),
        ),
        f"{PAGES}::test_the_list_shows_own_cases_only",
        "assert",
    ),
    Planted(
        "104-the-own-unit-is-not-kept-away",
        (
            (
                "rights/selectors/cases.py",
                "    return is_of(member, unit) or bool(named and member.name and member.name in named)\n",
                "    return bool(named and member.name and member.name in named)\n",
            ),
        ),
        f"{CASES}::TestWhereARequestGoes",
        "assert",
    ),
    Planted(
        "105-an-opening-is-not-recorded",
        (("rights/views/desk/cases.py", OPENED, ""),),
        f"{PAGES}::test_every_opening_is_recorded_in_the_transaction_of_the_reading",
        "assert",
    ),
    Planted(
        "106-a-series-that-nobody-locks",
        (
            (
                "portal/papers/services/numbers.py",
                "    held = locks.hold(_series(organization, kind, year or timezone.localdate().year))\n",
                "    held = _series(organization, kind, year or timezone.localdate().year)\n",
            ),
        ),
        "tests/papers/test_numbers.py",
        "failed",
    ),
    Planted(
        "107-wrong-codes-are-not-counted",
        (("portal/receipts/services.py", "source, TRIES, TRY_SECONDS)", "source, 10**6, TRY_SECONDS)"),),
        "tests/receipts/test_services.py::test_of_forty_wrong_codes_at_once_five_are_judged",
        "assert",
    ),
    Planted(
        "108-a-token-counts-twice",
        (
            (
                "nursing_rooms/services/visits.py",
                '        take(Limit("nursing_rooms.token", nonce, 1, TOKEN_SECONDS))\n',
                "        pass\n",
            ),
        ),
        f"{VISITS}::test_one_token_sent_a_hundred_times_at_once_counts_one",
        "assert",
    ),
    Planted(
        "108-no-ceiling",
        (
            (
                "nursing_rooms/services/visits.py",
                '        take(Limit("nursing_rooms.visits", str(room.pk), settings.ROOM_VISITS_PER_HOUR, 3600))\n',
                "        pass\n",
            ),
        ),
        f"{VISITS}::TestTheCeiling",
        "assert",
    ),
    Planted(
        "111-who-looks-after-a-room-inspects-it",
        (
            (
                "nursing_rooms/models/inspections.py",
                "        if member.pk in self.manager_pks:\n            return True\n",
                "",
            ),
        ),
        f"{INSPECTIONS}::test_who_looks_after_the_room_never_inspects_it",
        "assert",
    ),
    Planted(
        "112-a-keeper-answers-for-any-room",
        (("portal/inspections/rules.py", KEEPER, " or True\n"),),
        f"{INSPECTIONS}::test_who_no_longer_looks_after_the_room_sees_nothing_of_it",
        "assert",
    ),
    Planted(
        "113-a-position-is-converted-twice",
        (
            (
                "portal/locations/links.py",
                "        there = converted(point, self.datum)\n",
                (
                    "        once = converted(point, self.datum)\n"
                    "        there = converted(type(point)(once.longitude, once.latitude, point.datum), self.datum)\n"
                ),
            ),
        ),
        "tests/locations/test_links.py",
        "assert",
    ),
    Planted(
        "114-texts-that-stay",
        (("rights/retention.py", "    case.messages.all().delete()\n", ""),),
        "tests/rights/test_retention.py::test_three_years_after_the_closing_the_texts_go_and_a_stub_stays",
        "assert",
    ),
    Planted(
        "115-a-closed-account-shows-every-sign-up",
        (
            (
                "rights/querysets/law_sessions.py",
                "    if member.opens_secrets:\n",
                "    if member.pk:\n",
            ),
        ),
        "tests/rights/test_law_sessions.py",
        "failed",
    ),
    Planted(
        "116-the-opening-does-not-ask-the-gate-again",
        (
            (
                "childcare/services/terms.py",
                "    _check_gate(held, asked=True)\n    return advance(held, TermState.ENROLLING, actor=actor)\n",
                "    return advance(held, TermState.ENROLLING, actor=actor)\n",
            ),
        ),
        "tests/childcare/test_terms.py",
        "DID NOT RAISE",
    ),
    Planted(
        "117-whoever-is-entered-reads-at-once",
        (("childcare/querysets/sites.py", ", confirmed_by__isnull=False", ""),),
        "tests/childcare/test_terms.py",
        "assert 200 == 404",
    ),
    Planted(
        "118-the-place-in-line-decides",
        (
            (
                "portal/signups/draws.py",
                "draw_key(frozen, seed, unit.numbers[0]), unit.numbers[0]))",
                '"", unit.numbers[0]))',
            ),
        ),
        "tests/signups/test_draws.py",
        "assert",
    ),
    Planted(
        "119-a-bar-is-not-asked-about",
        (
            (
                "childcare/services/pickups.py",
                "if any(child is None or is_barred(child, came.name, came.phone) for child in children):",
                "if None in children:",
            ),
        ),
        "tests/childcare/test_pickups.py",
        "BARRED",
    ),
    Planted(
        "120-the-alert-stops-after-the-guardian",
        (("childcare/services/days.py", "LEVELS = 3\n", "LEVELS = 1\n"),),
        "tests/childcare/test_days.py",
        "assert",
    ),
    Planted(
        "121-a-replayed-tap-counts",
        (
            (
                "childcare/services/days.py",
                "    if held.state == AttendanceState.HERE or (held.undone_at and moment <= held.undone_at):\n",
                "    if held.state == AttendanceState.HERE:\n",
            ),
        ),
        "tests/childcare/test_days.py",
        "EXPECTED",
    ),
    Planted(
        "123-whoever-settles-confirms",
        (("childcare/rules.py", "        and actor.may_second({found.settled_by_id})\n", ""),),
        "tests/childcare/test_results.py",
        "childcare_result_two_people",
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_failure_is_seen(planted, tmp_path, measured):
    see(planted, tmp_path, measured)
