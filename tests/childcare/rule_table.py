"""For each rule of childcare: an object of the home."""

from childcare.choices.terms import TermState
from childcare.services.incidents import incident_acknowledge
from tests.factories.childcare import (
    make_care_staff,
    make_day,
    make_draw,
    make_draw_term,
    make_ended_term,
    make_incident,
    make_nursery,
    make_paper,
    make_result,
    make_running_term,
    make_site,
    make_term,
)
from tests.factories.members import make_staff

RULES = {
    "can_edit_site": lambda home: make_site(home.city),
    "can_change_site": lambda home: make_site(home.city),
    "can_edit_paper": lambda home: make_paper(make_site(home.city)),
    "can_end_work": lambda home: make_care_staff(make_site(home.city)),
    "can_renew_check": lambda home: make_care_staff(make_site(home.city)),
    "can_confirm_staff": lambda home: make_care_staff(make_site(home.city), confirmed_by=None),
    "can_change_term": lambda home: make_term(home.city),
    "can_check_term": lambda home: make_term(home.city, state=TermState.PLANNED),
    "can_open_term": lambda home: make_term(home.city, state=TermState.CHECKED),
    "can_freeze_term": lambda home: make_draw_term(home.city),
    "can_decline_application": lambda home: make_draw_term(home.city),
    "can_draw_term": lambda home: make_draw(make_draw_term(home.city)).term,
    "can_reserve_places": lambda home: make_term(home.city),
    "can_acknowledge_incident": lambda home: make_incident(make_day(make_running_term(home.city))),
    "can_add_to_incident": lambda home: make_incident(make_day(make_running_term(home.city))),
    "can_settle_incident": lambda home: incident_acknowledge(
        actor=make_staff(home.city), incident=make_incident(make_day(make_running_term(home.city)))
    ),
    "can_settle_term": lambda home: make_ended_term(home.city),
    "can_confirm_result": lambda home: make_result(make_ended_term(home.city)),
    "can_discard_result": lambda home: make_result(make_ended_term(home.city)),
    "can_edit_nursery": lambda home: make_nursery(home.city),
}
