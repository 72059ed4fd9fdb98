"""For each rule of the rights area: an object of the home."""

from datetime import timedelta

from django.utils import timezone

from rights.choices.cases import CaseState
from rights.choices.law_sessions import LawSessionState
from tests.factories.members import make_staff
from tests.factories.rights import make_case_at, make_case_file, make_law_session, make_shift, make_station, make_step


def case_in(state, **fields):
    return lambda home: make_case_at(home.city, home.chair, state=state, **fields)


RULES = {
    "can_edit_session": lambda home: make_law_session(home.city),
    "can_change_session": lambda home: make_law_session(home.city),
    "can_hold_session": lambda home: make_law_session(home.city, starts_at=timezone.now() - timedelta(hours=3)),
    "can_correct_session": lambda home: make_law_session(home.city, state=LawSessionState.HELD, visits=9),
    "can_see_people": lambda home: make_law_session(home.city),
    "can_edit_station": lambda home: make_station(home.city),
    "can_change_station": lambda home: make_station(home.city),
    "can_edit_shift": lambda home: make_shift(make_station(home.city)),
    "is_given": case_in(CaseState.HANDLING),
    "can_decide_request": case_in(CaseState.SUBMITTED),
    "can_handle_case": case_in(CaseState.HANDLING),
    "can_move_case": case_in(CaseState.HANDLING),
    "can_assign_case": case_in(CaseState.HANDLING),
    "can_write_to_applicant": case_in(CaseState.HANDLING),
    "can_readmit": case_in(CaseState.HANDLING),
    "can_decline_request": case_in(CaseState.SUBMITTED),
    "can_leave_case": case_in(CaseState.HANDLING),
    "can_approve_closing": lambda home: make_case_at(
        home.city, home.chair, state=CaseState.CLOSING, proposed_by=make_staff(home.city)
    ),
    "can_read_reasons": case_in(CaseState.HANDLING),
    "can_reopen_case": case_in(CaseState.CLOSED),
    "can_finish_step": lambda home: make_step(make_case_at(home.city, home.chair), home.chair),
    "can_open_file": lambda home: make_case_file(make_case_at(home.city, home.chair), home.chair),
}
