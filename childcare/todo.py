"""To-do items of childcare: incidents, what waits for a second person, draws whose time has come, settlements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from childcare import rules
from childcare.choices.terms import TermState
from childcare.models import CareStaff, ClassTerm, Enrolment, Incident
from portal.core.choices import Area, Capability
from portal.signups.choices import SignUpState
from portal.web.todo import Todo, kinds_waiting

if TYPE_CHECKING:
    from childcare.querysets.incidents import IncidentQuerySet
    from childcare.querysets.sites import CareStaffQuerySet
    from childcare.querysets.terms import ClassTermQuerySet
    from portal.members.models import Member

SHOWN = 50


def items_for(actor: Member) -> list[Todo]:
    """Return what waits at the actor's own organisations.

    These are incidents to acknowledge, terms to open, lists to freeze, seeds, settlements, and staff to confirm.
    """
    edited = set(actor.reach(Area.CHILDCARE, Capability.EDIT))
    approved = set(actor.reach(Area.CHILDCARE, Capability.APPROVE))
    if not edited | approved:
        return []
    terms, staff = _terms(edited, approved), _staff(approved)
    incidents = Incident.objects.waiting().filter(term__site__organization__path__in=edited)
    waits = kinds_waiting(actor, terms=terms, staff=staff, incidents=incidents)
    return [
        *(_of_incidents(actor, incidents) if "incidents" in waits else ()),
        *(_of_terms(actor, terms) if "terms" in waits else ()),
        *(_of_staff(actor, staff) if "staff" in waits else ()),
    ]


def _terms(edited: set[str], approved: set[str]) -> ClassTermQuerySet:
    applied = Enrolment.objects.filter(offering=OuterRef("pk"), state=SignUpState.APPLIED)
    now, running = timezone.now(), Q(state=TermState.ENROLLING, first_on__gt=timezone.localdate())
    over = Q(state=TermState.ENROLLING, last_on__lt=timezone.localdate())
    mine, second = Q(site__organization__path__in=edited), Q(site__organization__path__in=approved)
    return ClassTerm.objects.filter(
        (second & Q(state=TermState.CHECKED))
        | (mine & running & Q(by_draw=True, enrol_until__lte=now, draw=None) & Exists(applied))
        | (second & running & Q(draw__drawn_at=None, draw__seed_after__lte=now))
        | (mine & over & Q(result=None))
        | (second & over & Q(result__isnull=False, result__confirmed_at=None))
    )


def _staff(approved: set[str]) -> CareStaffQuerySet:
    return CareStaff.objects.current().filter(confirmed_by=None, site__organization__path__in=approved)


def _of_terms(actor: Member, rows: ClassTermQuerySet) -> list[Todo]:
    listed = rows.select_related("site__organization", "draw", "result").order_by("first_on", "pk")[:SHOWN]
    found = [(term, _step(actor, term)) for term in listed]
    return [Todo(words % {"term": term.title}, term.get_absolute_url(), icon) for term, (words, icon) in found if words]


def _step(actor: Member, term: ClassTerm) -> tuple[str, str]:
    """Return the words and the icon of the step that the actor may take now; two empty texts for none."""
    if rules.can_open_term(actor, term):
        return _("Open a checked class for enrolment: %(term)s"), "school"
    if rules.can_freeze_term(actor, term):
        return _("Freeze the list for the draw: %(term)s"), "lock"
    if rules.can_draw_term(actor, term):
        return _("Enter the seed of the draw: %(term)s"), "sparkles"
    if rules.can_settle_term(actor, term):
        return _("Settle a class that is over: %(term)s"), "sum"
    if rules.can_confirm_result(actor, term):
        return _("Confirm the settlement of a class: %(term)s"), "check"
    return "", ""


def _of_incidents(actor: Member, rows: IncidentQuerySet) -> list[Todo]:
    return [
        Todo(
            _("Acknowledge the report of an incident: %(term)s") % {"term": row.term.title},
            row.get_absolute_url(),
            "urgent",
            due_at=row.due_at,
        )
        for row in rows.for_list().order_by("due_at", "pk")[:SHOWN]
        if rules.can_acknowledge_incident(actor, row)
    ]


def _of_staff(actor: Member, rows: CareStaffQuerySet) -> list[Todo]:
    return [
        Todo(
            _("Confirm a teacher or volunteer of a care site: %(site)s") % {"site": row.site.name},
            row.get_absolute_url(),
            "user-check",
        )
        for row in rows.for_list().order_by("pk")[:SHOWN]
        if rules.can_confirm_staff(actor, row)
    ]
