"""What was broken on purpose, each in a copy of the tree, and the experiment that must notice it.

A planted failure counts as noticed when pytest ends with 1 and names the test; an error of the copy itself proves
nothing.
"""

import re
from dataclasses import dataclass

import pytest

from tests.drills.planted import Tree

ENGINE, LEDGER = "portal/signups/services.py", "portal/messaging/services/reminders.py"
MESSAGES, FOUNDING = "portal/messaging/services/messages.py", "portal/organizations/services/organizations.py"
ACCOUNTS = "tests/attacks/test_accounts.py"
EXPORTS, IMPORTS = "portal/exchange/services/exports.py", "portal/exchange/services/imports.py"


@dataclass(frozen=True)
class Planted:
    """One planted failure.

    ``changes`` are (file, old, new); ``test`` must fail in the copy, with output that matches the pattern ``words``.
    """

    name: str
    changes: tuple
    test: str
    words: str


ROW = """    Reminder.objects.create(
        rule=rule.code,
        about_model=due.about._meta.label_lower,
        about_id=due.about.pk,
        due_on=due.due_on,
        recipient=due.to,
        channel=channel,
        state=ReminderState.SENT if messages else ReminderState.DROPPED,
        message=messages[0] if messages else None,
    )
"""
EARLY = ROW.replace("SENT if messages else ReminderState.DROPPED", "SENT").replace(
    "messages[0] if messages else None", "None"
)
# A pause, so that a kill falls between the two.
GAP = '    __import__("time").sleep(0.004)\n'
APART = (LEDGER, "@transaction.atomic\ndef _write", "def _write")
PAGE = """    try:
        list_open(actor=actor, address=run.address, here=run.here)
    except PermissionDenied:
        raise Http404 from None
"""
STOP = """    if not rules.can_edit_run(job.actor, held):
        raise _Stop(RunState.CHECKED_FAULTY, summary=str(NOT_YOURS_ANY_MORE))
"""

UNBOUND = """class BoundColumn(migrations.AlterField):
    def database_forwards(self, *arguments):
        pass
"""

PLANTED = [
    Planted(
        "2-nobody-asks-whether-she-stands-already",
        ((ENGINE, "    if standing is not None:\n        return standing, False\n", ""),),
        "tests/signups/test_races.py::test_the_same_person_twenty_times_is_one_row",
        "IntegrityError",
    ),
    Planted(
        "3-the-last-in-line-is-asked-first",
        (
            (
                ENGINE,
                'with_standing(waiting).order_by("place")',
                'with_standing(waiting).order_by("-place")',
            ),
        ),
        "tests/drills/test_waiting_list.py::test_a_hundred_leave_while_fifty_join_and_the_quota_grows",
        "somebody was passed over",
    ),
    Planted(
        "3-who-leaves-passes-nothing-on",
        ((ENGINE, "    return row, promote(offering=offering)", "    return row, Moved(())"),),
        "tests/drills/test_waiting_list.py::test_a_hundred_leave_while_fifty_join_and_the_quota_grows",
        "a place is free while somebody waits",
    ),
    Planted(
        "4-one-door-that-does-not-count",
        (
            (
                ENGINE,
                "        row.state = _first_state(held, row, door, lists)\n",
                (
                    "        row.state = SignUpState.CONFIRMED if actor != member "
                    "else _first_state(held, row, door, lists)\n"
                ),
            ),
        ),
        "tests/drills/test_waiting_list.py::test_all_doors_at_once_keep_one_count",
        "too many hold a place",
    ),
    Planted(
        "5-the-last-in-line-is-asked-first",
        (
            (
                ENGINE,
                'with_standing(waiting).order_by("place")',
                'with_standing(waiting).order_by("-place")',
            ),
        ),
        "tests/signups/test_model.py",
        "the_lists_are_the_same",
    ),
    Planted(
        "5-places-that-are-not-promoted-when-they-grow",
        (
            (
                "matchmaking/services/changing.py",
                "    tell_offered(held, engine.promote(offering=held))\n    return held",
                "    return held",
            ),
        ),
        "tests/signups/test_model.py",
        "set_quotas",
    ),
    Planted(
        "5-taking-back-that-leaves-her-place",
        (
            (
                "matchmaking/agreements.py",
                "            event_leave(participation=participation, actor=actor)",
                "            pass",
            ),
        ),
        "tests/signups/test_model.py",
        "take_consent_back",
    ),
    Planted(
        "7-nobody-compares-versions",
        (
            (
                FOUNDING,
                "held = locks.hold_version(organization, version)",
                "held = locks.hold(organization)",
            ),
        ),
        "tests/web/test_conflict_races.py::test_one_of_eight_editors_is_saved_and_seven_are_told",
        "302: 8",
    ),
    Planted(
        "8-a-step-too-many",
        (
            (
                "matchmaking/choices/events.py",
                "EventState.CHOICE_OPEN: {EventState.REVEALED: Step(time=True)},",
                "EventState.CHOICE_OPEN: {EventState.REVEALED: Step(time=True), EventState.CANCELLED: Step()},",
            ),
        ),
        "tests/drills/test_every_role.py::test_every_step_of_an_event_by_everybody[choice_open]",
        "'cancel', 'chair'",
    ),
    Planted(
        "8-the-proposer-approves-herself",
        (
            (
                "portal/core/second_person.py",
                "    return bool(actor.may_second(proposers(row)))",
                "    return True",
            ),
        ),
        "tests/drills/test_every_role.py::test_every_step_of_an_event_by_everybody[submitted]",
        "'approve', 'proposer'",
    ),
    Planted(
        "11-ledger-and-message-in-two-transactions",
        (APART, (LEDGER, ROW, GAP + ROW)),
        "tests/drills/test_reminders_killed.py",
        "each once in the portal|each text message|one text message",
    ),
    Planted(
        "11-the-ledger-first-and-the-words-later",
        (APART, (LEDGER, ROW, ""), (LEDGER, "    messages = []\n", EARLY + GAP)),
        "tests/drills/test_reminders_killed.py",
        "all is planned and sent: not within|each once in the portal",
    ),
    Planted(
        "13-a-planner-that-does-not-look-back",
        (("matchmaking/reminders.py", "LOOK_BACK = timedelta(days=2)", "LOOK_BACK = timedelta(0)"),),
        "tests/drills/test_day_missed.py",
        "all is caught up",
    ),
    Planted(
        "14-two-deliverers-take-the-same-message",
        (
            (
                MESSAGES,
                'due.select_for_update(skip_locked=True, of=("self",)).select_related("recipient").first()',
                'due.select_related("recipient").first()',
            ),
        ),
        "tests/drills/test_doubled.py",
        "each text message goes out once",
    ),
    Planted(
        "16-no-limit-of-time",
        (
            (
                "portal/messaging/channels.py",
                "get_connection(timeout=settings.EMAIL_TIMEOUT)",
                "get_connection(timeout=40)",
            ),
        ),
        "tests/drills/test_provider.py::test_a_server_that_does_not_answer_holds_up_no_text_message[hangs]",
        "took < 10|< 10",
    ),
    Planted(
        "16-everybody-waits-for-the-silent-one",
        ((MESSAGES, "            silent.add(message.channel)", "            pass"),),
        "tests/drills/test_provider.py::test_a_server_that_does_not_answer_holds_up_no_text_message[hangs]",
        "assert",
    ),
    Planted(
        "22-silence-that-is-noticed-after-days",
        (("portal/core/health.py", "SILENT_AFTER = timedelta(minutes=5)", "SILENT_AFTER = timedelta(days=5)"),),
        "tests/drills/test_health_red.py::test_a_part_that_died_is_red_after_five_minutes_and_green_again",
        "assert 200 == 503",
    ),
    Planted(
        "26-an-import-that-does-not-ask-again",
        ((IMPORTS, STOP, ""),),
        "tests/exchange/test_services.py::test_a_right_that_ended_stops_the_writing",
        "assert",
    ),
    Planted(
        "26-an-export-with-the-rights-of-yesterday",
        (
            (EXPORTS, "    actor = job.actor\n", "    actor = ASKED\n"),
            (EXPORTS, "paths=opened.paths(job.actor)", "paths=opened.paths(ASKED)"),
            (
                EXPORTS,
                "    path = common_path(opened.paths(actor))\n",
                "    path = common_path(opened.paths(actor))\n    globals()['ASKED'] = actor\n",
            ),
        ),
        "tests/exchange/test_exports.py::test_a_duty_that_ended_before_the_job_stops_it",
        "READY|ready",
    ),
    Planted(
        "26-a-file-that-stays-open",
        (
            (EXPORTS, "    if not rules.can_fetch_export(actor, run):\n        raise Http404\n", ""),
            (EXPORTS, PAGE, ""),
        ),
        "tests/exchange/test_exports.py::test_a_duty_that_ended_after_the_job_closes_the_file",
        "DID NOT RAISE",
    ),
    Planted(
        "29-a-pair-that-others-open",
        (
            (
                "matchmaking/querysets/pairs.py",
                '        return self.filter(pk__in=as_one.values("pk").union(as_two.values("pk")))',
                "        return self.all()",
            ),
        ),
        "tests/access/test_own.py::test_another_persons_row_is_not_there[matchmaking:pair-detail]",
        "'200'|200",
    ),
    Planted(
        "33-a-value-not-bound-to-its-row",
        (
            (
                "portal/core/fields.py",
                '        return f"{self.model._meta.db_table}.{self.column}.{pk}".encode()',
                '        return f"{self.model._meta.db_table}.{self.column}".encode()',
            ),
        ),
        "tests/core/test_fields.py",
        "DID NOT RAISE",
    ),
    Planted(
        "36-a-file-that-stays-past-its-day",
        (
            (
                EXPORTS,
                "state=ExportState.READY, expires_at__lte=now)",
                "state=ExportState.READY, expires_at__lte=now - timedelta(days=9))",
            ),
        ),
        "tests/exchange/test_exports.py::test_expiring_deletes_the_content",
        "assert not",
    ),
    Planted(
        "36-taking-back-that-stops-nothing",
        (
            (
                "matchmaking/agreements.py",
                "            event_leave(participation=participation, actor=actor)",
                "            pass",
            ),
        ),
        "tests/matchmaking/test_agreements.py",
        "'confirmed'",
    ),
    Planted(
        "36-a-call-that-keeps-its-caller",
        (("matchmaking/retention.py", "closed_at__lte=now - CALLS", "closed_at__lte=now - 9 * CALLS"),),
        "tests/matchmaking/test_retention.py::test_words_and_caller_of_closed_calls_go_and_their_kind_stays",
        "assert",
    ),
    Planted(
        "36-a-profile-that-leaves-and-is-found",
        (
            (
                "matchmaking/agreements.py",
                "            profile_exit(profile=profile, actor=actor)",
                "            pass",
            ),
        ),
        "tests/matchmaking/test_profiles.py",
        "FAILED tests/matchmaking/test_profiles.py",
    ),
    Planted(
        "40-a-picture-handed-on-as-it-came",
        (("portal/exchange/decoder.py", "    return out.getvalue()\n", "    return data\n"),),
        "tests/exchange/test_pictures.py",
        "test_metadata_is_gone",
    ),
    Planted(
        "40-passed-when-the-scanner-does-not-answer",
        (
            (
                "portal/exchange/services/files.py",
                '        logger.error("virus scanner: %s", error)\n        return False\n',
                '        logger.error("virus scanner: %s", error)\n        return True\n',
            ),
        ),
        "tests/exchange/test_scanning.py",
        "DID NOT RAISE",
    ),
    Planted(
        "40-a-held-file-handed-out",
        (("portal/exchange/storage.py", "    if stored.held_since and not inline:\n", "    if not stored.key:\n"),),
        "tests/exchange/test_scanning.py",
        "DID NOT RAISE",
    ),
    Planted(
        "70-a-roster-writes-the-phone-of-an-account",
        (("portal/members/services/phones.py", "    if held.activated_at is not None:\n", "    if not held:\n"),),
        f"{ACCOUNTS}::test_a_phone_on_the_roster_does_not_become_the_key_of_an_account",
        "cadre",
    ),
    Planted(
        "70-time-that-ran-out-confirms-the-person",
        (
            (
                "portal/members/services/phones.py",
                '    held.proven_at, held.proof = (timezone.now(), means) if means else (None, "")\n',
                "    held.proven_at = timezone.now()\n",
            ),
        ),
        f"{ACCOUNTS}::test_what_three_days_without_objection_open_is_provisional_and_stays_so",
        "FAILED",
    ),
    Planted(
        "71-a-provisional-account-opens-everything",
        (
            (
                "portal/members/middleware.py",
                "        if not request.user.is_authenticated or request.user.opens_secrets:\n",
                "        if request:\n",
            ),
        ),
        f"{ACCOUNTS}::test_a_first_activation_opens_no_private_page",
        "FAILED",
    ),
    Planted(
        "71-one-hand-in-two-pairs-of-eyes",
        (
            (
                "portal/members/services/proofs.py",
                " and are_independent(one.seen_by, other.seen_by)\n",
                "\n",
            ),
        ),
        f"{ACCOUNTS}::test_a_puppet_is_no_second_pair_of_eyes",
        "FAILED",
    ),
    Planted(
        "72-attempts-counted-by-who-makes-them-alone",
        (
            (
                "portal/members/services/proofs.py",
                "    if member is not None:\n        person",
                "    if not actor_key:\n        person",
            ),
        ),
        f"{ACCOUNTS}::test_tries_are_counted_per_person_and_actor_and_tell_the_security_administrators",
        "FAILED",
    ),
    Planted(
        "73-a-link-outlives-its-phone",
        (
            (
                "portal/members/services/invitations.py",
                "    moved = row.phone_index != row.member.phone_index\n",
                "    moved = False\n",
            ),
        ),
        f"{ACCOUNTS}::test_a_link_is_void_with_the_phone_it_was_made_for",
        "FAILED",
    ),
    Planted(
        "74-a-duty-before-the-person",
        (
            (
                "portal/members/models/people.py",
                "        if self.by_phone_alone or not self.is_proven:\n",
                "        if self.by_phone_alone:\n",
            ),
        ),
        f"{ACCOUNTS}::test_duties_wait_for_the_person",
        "FAILED",
    ),
    Planted(
        "51-a-copy-of-an-event-moved-anywhere",
        (
            ("matchmaking/services/changing.py", "    PLANNED.check(starts_at)\n", ""),
            (
                "portal/core/form_fields.py",
                "            self.span.check(value)\n",
                "            self.span.holds(value)\n",
            ),
        ),
        "tests/attacks/test_stored_values.py::test_a_copy_is_not_moved_out_of_the_calendar",
        "OverflowError|500",
    ),
    Planted(
        "51-columns-without-their-checks",
        (
            (
                "matchmaking/migrations/0006_bound_days.py",
                "from portal.core.migrating import BoundColumn\n",
                UNBOUND,
            ),
        ),
        "tests/attacks/test_stored_values.py::test_the_database_refuses_a_day_and_a_moment",
        "DID NOT RAISE",
    ),
    Planted(
        "51-digits-that-are-none",
        (
            (
                "matchmaking/services/on_the_day.py",
                'whole_number(code[1:], LARGEST_PLACE) if code[:1] in {"M", "W"} else None',
                'int(code[1:]) if code[1:].isdigit() and code[:1] in {"M", "W"} and len(code) < 7 else None',
            ),
        ),
        "tests/attacks/test_stored_values.py::test_a_code_at_the_door_is_digits",
        "invalid literal for int",
    ),
    Planted(
        "52-one-row-takes-the-page",
        (("portal/core/guard.py", "        left_out(row, error)\n\n\ndef each", "        raise\n\n\ndef each"),),
        "tests/attacks/test_stored_values.py::test_one_row_stops_no_home_page_and_no_list",
        "500",
    ),
    Planted(
        "52-one-row-takes-the-clock",
        (("portal/core/guard.py", "            left_out(row, error)\n", "            raise\n"),),
        "tests/attacks/test_stored_values.py::test_the_clock_steps_the_rest_and_reports",
        "InternalError|RaiseException",
    ),
    Planted(
        "95-wrong-tokens-that-nobody-counts",
        (("portal/web/monitor.py", "settings.MONITOR_WRONG_TOKENS, QUARTER", "10**6, QUARTER"),),
        "tests/web/test_monitor.py::test_wrong_tokens_close_the_door_for_their_network",
        "assert 200 == 404",
    ),
    Planted(
        "95-a-missing-scanner-is-normal",
        (("portal/exchange/health.py", 'Check("scanner", not in_earnest(), label', 'Check("scanner", True, label'),),
        "tests/web/test_monitor.py::test_what_is_not_set_up_is_a_finding_in_earnest",
        "assert .True, False, False",
    ),
    Planted(
        "96-a-phone-in-a-traceback",
        (
            (
                "portal/core/logs.py",
                "scrub(self.formatException(record.exc_info))",
                "self.formatException(record.exc_info)",
            ),
        ),
        "tests/deploy/test_lines.py::test_worker_and_beat_write_json_alone_and_nothing_personal",
        "13812345678",
    ),
    Planted(
        "96-a-banner",
        (("portal/celery.py", "    instance.quiet = True\n", ""),),
        "tests/deploy/test_lines.py::test_of_tasks_only_those_somebody_asked_for_write_lines",
        "config.*== ",
    ),
    Planted(
        "97-a-database-away-is-a-fault-of-ours",
        (("portal/core/faults.py", "BUSY if code in BUSY_CODES else AWAY", "BUSY if code in BUSY_CODES else None"),),
        "tests/web/test_outages.py::test_nobody_is_signed_out_by_an_outage",
        "assert 500 == 503",
    ),
    Planted(
        "97-the-page-forgets-the-session",
        (
            (
                "portal/web/errors.py",
                "  # for the middleware\n",
                '  # for the middleware\n    request.session = type(request.session)("")\n',
            ),
        ),
        "tests/web/test_outages.py::test_nobody_is_signed_out_by_an_outage",
        "sessionid",
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_failure_is_seen(planted, tmp_path, measured):
    see(planted, tmp_path, measured)


def see(planted, tmp_path, measured):
    """Break a copy of the tree as ``planted`` says.

    Its test must fail there and say why.
    """
    tree = Tree(tmp_path)
    for change in planted.changes:
        tree.patch(*change)
    outcome = tree.test(planted.test)
    errors = [line[1:].strip() for line in outcome.said.splitlines() if line.startswith("E  ")]
    measured(seen=next(iter(errors), "nothing")[:150])
    assert outcome.code == 1, outcome.said[-3000:]
    assert "FAILED tests/" in outcome.said
    assert re.search(planted.words, outcome.said)
