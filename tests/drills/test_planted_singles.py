"""What one single could learn about another.

Each fault is planted in a copy of the tree, where the attack must notice it.
"""

import pytest

from tests.drills.test_planted_faults import Planted, see

LEARN = "tests/attacks/test_what_singles_learn.py"
PROMISES, STANDING = "tests/attacks/test_promises.py", "tests/attacks/test_standing.py"
INTRODUCTIONS, PAIRS = "matchmaking/services/introductions.py", "matchmaking/services/pairs.py"
OWN_ANSWER = """            setattr(held, f"{side}_answer", Answer.NO)
            held.save(update_fields=[f"{side}_answer"])
        else:
"""
LINE = '    Participation.objects.filter(pk=leaving.row.pk).update(line="")\n'

PLANTED = [
    Planted(
        "54-a-block-ends-what-is-asked-at-once",
        ((INTRODUCTIONS, OWN_ANSWER, "            _not_agreed(held, actor=GONE_CLOCK)\n        else:\n"),),
        f"{PROMISES}::test_each_line_of_each_promise_is_kept",
        "not_agreed",
    ),
    Planted(
        "54-the-sentence-of-the-matchmaker-tells-a-proposal",
        (
            (
                "templates/matchmaking/introduction_detail.html",
                "{% if seen.reasons %}",
                "{{ object.words }}{% if seen.reasons %}",
            ),
        ),
        f"{LEARN}::test_a_wish_and_a_proposal_are_one_card_in_one_set_of_words",
        "At index",
    ),
    Planted(
        "55-the-least-of-what-both-say",
        (
            (
                PAIRS,
                "    return one if one == two and one in STAGES else None\n",
                "    return min(one, two, key=STAGES.index) if {one, two} <= set(STAGES) else None\n",
            ),
        ),
        f"{LEARN}::test_a_claim_reveals_no_other_claim",
        "assert",
    ),
    Planted(
        "55-a-number-that-points-at-one",
        (("matchmaking/selectors/events.py", "    if min(men, women) < FEW:\n", "    if False:\n"),),
        f"{LEARN}::test_how_many_have_chosen_points_at_nobody",
        "assert",
    ),
    Planted(
        "56-a-card-that-stays",
        (("matchmaking/services/participations.py", LINE, ""),),
        f"{PROMISES}::test_each_line_of_each_promise_is_kept",
        "assert",
    ),
    Planted(
        "56-a-pair-that-is-over-shows-its-card",
        (("matchmaking/selectors/pairs.py", "    over = pair.is_over or pair.apart\n", "    over = False\n"),),
        f"{LEARN}::test_nothing_of_the_other_is_shown_once_it_is_over",
        "assert",
    ),
    Planted(
        "57-the-engine-does-not-ask-again",
        (
            (
                "portal/signups/services.py",
                "    refusal = offering.standing_refusal(person)\n",
                '    refusal = ""\n',
            ),
        ),
        f"{STANDING}::test_every_door_is_shut",
        "DID NOT RAISE",
    ),
    Planted(
        "57-a-marriage-ends-no-sign-up",
        ((PAIRS, "    if stage in SETTLED_PAIRS:\n", "    if False:\n"),),
        f"{STANDING}::test_what_ends_standing_ends_open_sign_ups_in_its_own_transaction",
        "confirmed",
    ),
    Planted(
        "57-nobody-is-held-while-joining",
        (
            (
                "matchmaking/models/events.py",
                "        locks.hold_all(SingleProfile.objects.filter(member=member))\n",
                "        pass\n",
            ),
        ),
        "tests/attacks/test_standing_races.py::test_nobody_comes_in_beside_the_end_of_standing",
        "assert",
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_failure_is_seen(planted, tmp_path, measured):
    see(planted, tmp_path, measured)
