"""Planted failures of docs/reliability.md, 64 to 66.

They break text messages and identity checks, each in a copy of the tree.
"""

import pytest

from tests.drills.test_planted_faults import Planted, see

TEXTS, TENCENT, CHECKS = "portal/messaging/texts.py", "portal/messaging/tencent.py", "portal/members/real_names.py"
OUT, ANSWERS = "tests/attacks/test_messages_out.py", "tests/members/test_real_names.py"
PROVIDER = "tests/messaging/test_sms_provider.py"

PLANTED = [
    Planted(
        "64-a-title-as-it-was-typed",
        ((TEXTS, "return name_for_sms(str(value)) or str(self.instead)", "return str(value)"),),
        f"{OUT}::test_a_title_carries_no_link_number_code_or_place_to_fill",
        r"evil\.example",
    ),
    Planted(
        "64-links-without-leave",
        ((TEXTS, "self.versions()[-1 if settings.SMS_LINKS else 0]", "self.versions()[-1]"),),
        f"{OUT}::test_without_leave_of_the_provider_no_message_has_a_link",
        "sign-in/invitation",
    ),
    Planted(
        "64-the-clients-own-lines",
        (("portal/settings/base.py", '"tencentcloud_sdk_common": {"level": "WARNING"},', ""),),
        f"{OUT}::test_numbers_and_codes_stand_in_no_log_and_no_exception",
        "482913",
    ),
    Planted(
        "64-the-providers-words-as-the-reason",
        (
            (
                TENCENT,
                "            _refuse(error.get_code())\n",
                "            raise ChannelDown(str(error)) from None\n",
            ),
        ),
        f"{OUT}::test_numbers_and_codes_stand_in_no_log_and_no_exception",
        "13812345678",
    ),
    Planted(
        "64-a-redirection-followed",
        ((TENCENT, "_session.max_redirects = 0", "_session.max_redirects = 3"),),
        f"{OUT}::test_a_redirection_takes_numbers_nowhere_else",
        "/elsewhere",
    ),
    Planted(
        "64-a-kind-without-a-template",
        (("matchmaking/sms.py", '"matchmaking.couple_waitlisted"', '"matchmaking.couple_waits"'),),
        "tests/layout/test_sms.py::test_every_kind_that_goes_by_text_message_has_a_template",
        "matchmaking.couple_waitlisted",
    ),
    Planted(
        "64-guesses-counted-by-invitation",
        (
            (
                "portal/members/services/invitations.py",
                "[str(row.member_id) for row in invited]",
                "[str(row.pk) for row in invited]",
            ),
        ),
        f"{OUT}::test_guesses_are_counted_by_person_whatever_address_invitation_or_number",
        "assert None == 0",
    ),
    Planted(
        "65-a-refused-number-asked-again",
        (("portal/messaging/services/messages.py", "over=isinstance(error, ChannelRefused)", "over=False"),),
        f"{PROVIDER}::test_a_number_that_is_refused_for_good_is_not_asked_again",
        "waiting",
    ),
    Planted(
        "65-files-in-production",
        (
            (
                "portal/messaging/checks.py",
                "takes_demo_numbers and not settings.ALLOW_DEMO_PEOPLE",
                "takes_demo_numbers and settings.DEBUG",
            ),
        ),
        f"{PROVIDER}::test_files_are_refused_in_production",
        "DID NOT RAISE",
    ),
    Planted(
        "65-no-code-and-nobody-says-so",
        (("portal/messaging/checks.py", "        if not code:\n", "        if code is False:\n"),),
        f"{PROVIDER}::test_the_deploy_check_names_every_kind_without_a_code",
        "assert",
    ),
    Planted(
        "66-any-answer-is-a-match",
        ((CHECKS, 'raise self._failed("an answer without a result")', "return Answer.MATCHES"),),
        f"{ANSWERS}::test_an_answer_that_is_none_is_an_error_in_time_and_never_a_match",
        "DID NOT RAISE",
    ),
    Planted(
        "66-a-status-nobody-looks-at",
        ((CHECKS, "if response.status_code != 200:", "if response.status_code == 500:"),),
        f"{ANSWERS}::test_an_answer_that_is_none_is_an_error_in_time_and_never_a_match",
        "DID NOT RAISE",
    ),
    Planted(
        "66-an-answer-without-end",
        ((CHECKS, "if time.monotonic() > ends:", "if time.monotonic() > ends + 9:"),),
        f"{ANSWERS}::test_an_answer_that_is_none_is_an_error_in_time_and_never_a_match",
        "drip",
    ),
    Planted(
        "66-the-demo-believes-the-roster",
        ((CHECKS, "return Answer.DIFFERS if known else Answer.UNKNOWN", "return Answer.MATCHES"),),
        f"{ANSWERS}::test_a_roster_that_names_another_number_changes_no_answer",
        "assert",
    ),
    Planted(
        "66-the-demos-answers-in-production",
        (("portal/members/checks.py", "for_demo and not settings.ALLOW_DEMO_PEOPLE", "for_demo and settings.DEBUG"),),
        f"{ANSWERS}::test_production_does_not_start_with_the_demos_answers",
        "DID NOT RAISE",
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_failure_is_seen(planted, tmp_path, measured):
    see(planted, tmp_path, measured)
