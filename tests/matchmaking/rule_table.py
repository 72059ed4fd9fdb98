"""For each rule of matchmaking: an object of the home, and who is allowed if not the city's chair."""

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import EventState
from matchmaking.choices.hotline import TicketState
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.profiles import ProfileState
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.matchmaking_library import (
    make_budget,
    make_cost,
    make_demand,
    make_series,
    make_theme,
    make_venue,
)
from tests.factories.matchmaking_matchmakers import make_introduction, make_volunteer
from tests.factories.matchmaking_pairs import make_couple, make_nomination, make_pair, make_ticket, make_wedding
from tests.factories.matchmaking_singles import make_appeal, make_profile, make_report
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_province, make_unit


def event(home, **fields):
    return make_event(home.city, created_by=home.chair, **fields)


def submitted(home):
    made = event(home, state=EventState.SUBMITTED)
    return made, make_staff(home.city)


def draft(home):
    return event(home, state=EventState.DRAFT)


def couple(home, state):
    made = make_couple(make_wedding(home.city, created_by=home.chair))
    type(made).objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    return made


def ticket(home, state=TicketState.OPEN):
    made = make_ticket(home.city, actor=home.chair)
    type(made).objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    return made


def appeal(home):
    profile = make_profile(unit=make_unit(home.city), state=ProfileState.REFUSED)
    return make_appeal(profile, organization=home.city)


def guided(home):
    made = make_introduction(make_volunteer(home.city), state=IntroductionState.AGREED)
    return made, made.volunteer.member


RULES = {
    "can_edit_event": event,
    "can_approve_event": submitted,
    "can_change_details": draft,
    "can_lead_event": event,
    "can_see_units": lambda home: event(home, restricted=True),
    "can_change_published": event,
    "can_edit_series": lambda home: make_series(home.city),
    "can_edit_venue": lambda home: make_venue(home.city),
    "can_edit_budget": lambda home: make_budget(home.city),
    "can_edit_theme": lambda home: (make_theme(), make_staff(make_province())),
    "can_edit_of_event": lambda home: make_cost(event(home)),
    "can_lead_of_event": lambda home: make_cost(event(home)),
    "can_answer_demand": lambda home: make_demand(make_unit(home.city), state=DemandState.OPEN),
    "can_decline_demand": lambda home: make_demand(make_unit(home.city), state=DemandState.OPEN),
    "can_review_signup": lambda home: make_participation(event(home, needs_review=True), state="applied"),
    "can_record_follow_up": lambda home: make_pair(event(home)).follow_ups.first(),
    "can_edit_wedding": lambda home: make_wedding(home.city, created_by=home.chair),
    "can_change_wedding": lambda home: make_wedding(home.city, created_by=home.chair),
    "can_decide_couple": lambda home: couple(home, CoupleState.APPLIED),
    "can_waitlist_couple": lambda home: couple(home, CoupleState.APPLIED),
    "can_see_ticket": ticket,
    "can_work_on_ticket": ticket,
    "can_close_ticket": lambda home: ticket(home, TicketState.ANSWERED),
    "can_reopen_ticket": lambda home: ticket(home, TicketState.CLOSED),
    "can_read_caller": ticket,
    "can_edit_nomination": lambda home: make_nomination(home.city, actor=home.chair),
    "can_decide_appeal": appeal,
    "can_handle_report": lambda home: make_report(*(make_member(organization=make_unit(home.city)) for _ in range(2))),
    "oversees_profiles": None,
    "can_run_volunteers": lambda home: make_volunteer(home.city),
    "can_guide": guided,
}
