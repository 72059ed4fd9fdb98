"""For each rule of childcare: an object of the home."""

from childcare.choices.terms import TermState
from tests.factories.childcare import make_care_staff, make_draw, make_draw_term, make_paper, make_site, make_term

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
}
