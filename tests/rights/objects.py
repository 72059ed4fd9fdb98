"""What tests/layout and tests/access open in the rights area: the object of each address."""

from datetime import timedelta

from django.utils import timezone

from rights.choices.cases import CaseState
from rights.choices.law_sessions import LawSessionState
from rights.choices.stations import StationState
from tests.factories.members import make_staff
from tests.factories.rights import (
    make_case_at,
    make_case_file,
    make_law_session,
    make_left,
    make_shift,
    make_station,
    make_step,
)


def station(home):
    return {"pk": make_station(home.city).pk}


def paused_station(home):
    return {"pk": make_station(home.city, state=StationState.PAUSED).pk}


def shift(home):
    return {"pk": make_shift(make_station(home.city)).pk}


def law_session(**fields):
    return lambda home: {"pk": make_law_session(home.city, **fields).pk}


def case_in(state):
    def build(home):
        proposer = make_staff(home.city) if state == CaseState.CLOSING else None
        return {"pk": make_case_at(home.city, home.chair, state=state, proposed_by=proposer).pk}

    return build


def left_case(home):
    case = make_case_at(home.city, home.chair)
    make_left(case, make_staff(home.city))
    return {"pk": case.pk}


def step(home):
    return {"pk": make_step(make_case_at(home.city, home.chair), home.chair).pk}


def file(home):
    return {"pk": make_case_file(make_case_at(home.city, home.chair), home.chair).pk}


PUBLIC = {
    "rights:leave-show": "asking how long a leave is needs no account, and nothing is stored",
    **{
        f"rights:help-{page}": "whoever asks for help needs no account, and leaves none behind"
        for page in ("answer", "ask", "code", "follow", "file", "followed", "leave", "object", "reopen")
    },
}
OTHER_THINGS = {
    "rights": {
        "leave": "the maternity-leave calculator: a calculation, no rows",
        "help": "a case as its applicant sees it",
        "ledger": "what is counted of cases",
        "law": "a law session as members see it",
    }
}
OBJECTS = {
    **{f"rights:station-{page}": station for page in ("detail", "end", "pause", "shift", "update")},
    "rights:station-reopen": paused_station,
    "rights:shift-remove": shift,
    **{f"rights:session-{page}": law_session() for page in ("cancel", "detail", "people", "update")},
    "rights:session-open": law_session(state=LawSessionState.DRAFT),
    "rights:session-hold": law_session(starts_at=timezone.now() - timedelta(hours=3)),
    "rights:session-correct": law_session(state=LawSessionState.HELD, visits=9),
    **{f"rights:case-{page}": case_in(CaseState.SUBMITTED) for page in ("accept", "decline", "assign", "leave")},
    **{
        f"rights:case-{page}": case_in(CaseState.HANDLING)
        for page in ("detail", "propose", "step", "transfer", "write")
    },
    **{f"rights:case-{page}": case_in(CaseState.CLOSING) for page in ("approve", "return")},
    "rights:case-attach": case_in(CaseState.HANDLING),
    "rights:case-readmit": left_case,
    "rights:case-reopen": case_in(CaseState.CLOSED),
    "rights:case-file": file,
    "rights:case-original": file,
    "rights:step-finish": step,
}
# URL name -> (builder, why its object is not secret to an organisation).
ANYONES = {
    f"rights:law-{page}": (law_session(), "members of the whole province may find an open session and sign up")
    for page in ("accept", "join", "leave", "show")
}
