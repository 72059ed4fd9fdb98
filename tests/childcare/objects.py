"""What tests/layout and tests/access open in childcare: the object of each address."""

from childcare.choices.terms import TermState
from tests.factories.childcare import (
    make_care_staff,
    make_draw,
    make_draw_term,
    make_enrolment,
    make_paper,
    make_safe_site,
    make_site,
    make_term,
)
from tests.factories.members import make_child, make_member, make_staff


def site(home):
    return {"pk": make_site(home.city).pk}


def paper(home):
    return {"pk": make_paper(make_site(home.city)).pk}


def staff(home):
    return {"pk": make_care_staff(make_site(home.city)).pk}


def proposed_staff(home):
    return {"pk": make_care_staff(make_site(home.city), given_by=make_staff(home.city), confirmed_by=None).pk}


def term(**fields):
    return lambda home: {"pk": make_term(home.city, **fields).pk}


def taught(home):
    site = make_safe_site(home.city)
    return {"pk": make_term(site=site).pk}, site.staff.get().member


def frozen_term(home):
    return {"pk": make_draw(make_draw_term(home.city)).term_id}


def enrolled(home):
    parent = make_member(home.city)
    return {"pk": make_enrolment(make_term(home.city), parent, make_child(parent)).pk}, parent


OTHER_THINGS = {
    "childcare": {
        "class": "a class term as guardians and teachers see it",
        "paper": "a safety paper",
    }
}
PUBLIC = {
    "childcare:draw-show": "everybody may see that a draw was fair: there is no name on it",
    "childcare:draw-file": "everybody may repeat a draw",
    "childcare:draw-script": "everybody may repeat a draw",
}
OBJECTS = {
    **{f"childcare:site-{page}": site for page in ("detail", "end", "paper", "staff", "update")},
    "childcare:paper-remove": paper,
    **{f"childcare:staff-{page}": staff for page in ("end", "renew")},
    "childcare:staff-confirm": proposed_staff,
    **{f"childcare:term-{page}": term() for page in ("cancel", "detail", "reserve", "update")},
    "childcare:term-check": term(state=TermState.PLANNED),
    "childcare:term-open": term(state=TermState.CHECKED),
    **{f"childcare:term-{page}": lambda home: {"pk": make_draw_term(home.city).pk} for page in ("decline", "freeze")},
    "childcare:term-draw": frozen_term,
    "childcare:class-people": taught,
    **{f"childcare:enrolment-{page}": enrolled for page in ("accept", "leave", "sign")},
}
# URL name -> (builder, why its object is not secret to an organisation).
ANYONES = {
    f"childcare:class-{page}": (term(), "members of the whole province may find an announced class and apply")
    for page in ("enrol", "show")
} | {f"childcare:draw-{page}": (frozen_term, "a draw is public, and holds no name") for page in ("file", "show")}
