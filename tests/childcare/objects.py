"""What tests/layout and tests/access open in childcare: the object of each address."""

from childcare.choices.days import Absence
from childcare.choices.terms import TermState
from childcare.models import OutingChild
from childcare.services.days import absence_tell, day_close
from childcare.services.incidents import incident_acknowledge
from childcare.services.pickups import bar_add
from tests.factories.childcare import (
    make_attendance,
    make_care_staff,
    make_day,
    make_draw,
    make_draw_term,
    make_ended_term,
    make_enrolment,
    make_incident,
    make_nursery,
    make_outing,
    make_paper,
    make_pickup,
    make_result,
    make_running_term,
    make_safe_site,
    make_site,
    make_term,
    teacher_of,
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


def teaching(home):
    """A class that is held today, and its class teacher."""
    term = make_running_term(home.city)
    return {"pk": term.pk}, term.site.staff.get().member


def day(home):
    row = make_day(make_running_term(home.city))
    return {"pk": row.pk}, teacher_of(row)


def closed_day(home):
    row = make_day(make_running_term(home.city))
    teacher = teacher_of(row)
    return {"pk": day_close(actor=teacher, day=row).pk}, teacher


def attendance(here=False):
    """A child on today's list, and the class teacher."""

    def built(home):
        row = make_attendance(make_day(make_running_term(home.city)), here=here)
        return {"pk": row.pk}, teacher_of(row.day)

    return built


def outing(home):
    row = make_outing(make_attendance(make_day(make_running_term(home.city)), here=True).day)
    return {"pk": row.pk}, teacher_of(row.day)


def outing_child(home):
    found, teacher = outing(home)
    return {"pk": OutingChild.objects.get(outing=found["pk"]).pk}, teacher


def reported(home):
    row = make_incident(make_day(make_running_term(home.city)))
    return {"pk": row.pk}, row.reported_by


def absent(home):
    row = make_attendance(make_day(make_running_term(home.city)))
    guardian = row.enrolment.member
    absence_tell(actor=guardian, enrolment=row.enrolment, on=row.day.on, absence=Absence.ILL)
    return {"pk": row.pk}, guardian


def placed(home):
    """A child with a place in a class that is held today, and its guardian."""
    row = make_running_term(home.city).signups.get()
    return {"pk": row.pk}, row.member


def picked_up(home):
    row = make_running_term(home.city).signups.get()
    return {"pk": make_pickup(row).pk}, row.member


def barred(home):
    row = make_running_term(home.city).signups.get()
    return {"pk": bar_add(actor=row.member, child=row.child, name="示例", document="示例1号").pk}, row.member


def rated(home):
    row = make_ended_term(home.city, children=1).signups.get()
    return {"pk": row.pk}, row.member


def incident(home, noted=False):
    row = make_incident(make_day(make_running_term(home.city)))
    if noted:
        incident_acknowledge(actor=make_staff(home.city), incident=row)
    return {"pk": row.pk}


def nursery(home):
    return {"pk": make_nursery(home.city).pk}


OTHER_THINGS = {
    "childcare": {
        "class": "a class term as guardians and teachers see it",
        "paper": "a safety paper",
        "day": "a day of a class, for its teachers",
        "finder": "classes and nurseries as parents find them",
        "pickup": "a pick-up person",
        "bar": "a bar from collecting a child",
    }
}
PUBLIC = {
    "childcare:finder-list": "parents look for a class or a nursery place",
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
    **{
        f"childcare:enrolment-{page}": placed
        for page in ("absence", "bar", "care", "code", "contact", "pickup", "pickups")
    },
    "childcare:enrolment-rate": rated,
    "childcare:class-today": teaching,
    "childcare:class-attendance": teaching,
    "childcare:result-detail": lambda home: {"pk": make_result(make_ended_term(home.city)).result.pk},
    **{f"childcare:day-{page}": day for page in ("close", "incident", "outing", "presence", "show")},
    "childcare:day-reopen": closed_day,
    **{f"childcare:outing-{page}": outing for page in ("end", "show")},
    "childcare:outing-mark": outing_child,
    **{f"childcare:attendance-{page}": attendance() for page in ("away", "bar", "mark", "show")},
    "childcare:attendance-collect": attendance(here=True),
    "childcare:attendance-come": absent,
    "childcare:pickup-remove": picked_up,
    "childcare:bar-end": barred,
    **{f"childcare:incident-{page}": reported for page in ("add", "show")},
    **{f"childcare:incident-{page}": incident for page in ("acknowledge", "detail", "note")},
    "childcare:incident-settle": lambda home: incident(home, noted=True),
    **{f"childcare:nursery-{page}": nursery for page in ("close", "detail", "places", "update")},
    "childcare:term-settle": lambda home: {"pk": make_ended_term(home.city).pk},
    **{
        f"childcare:term-{page}": lambda home: {"pk": make_result(make_ended_term(home.city)).pk}
        for page in ("confirm", "discard")
    },
}
# URL name -> (builder, why its object is not secret to an organisation).
ANYONES = {
    f"childcare:class-{page}": (term(), "members of the whole province may find an announced class and apply")
    for page in ("enrol", "show")
} | {f"childcare:draw-{page}": (frozen_term, "a draw is public, and holds no name") for page in ("file", "show")}
