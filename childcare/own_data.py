"""The data that childcare holds on a person, and the people who see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from childcare.models import (
    Attendance,
    CareStaff,
    Enrolment,
    Incident,
    PickUpAttempt,
    PickUpBar,
    PickUpPerson,
    StaffPresence,
)
from portal.core.choices import Area, Capability
from portal.core.own_data import Assigned, Seen, Source, kept
from portal.signups.choices import HOLDING

if TYPE_CHECKING:
    from portal.members.models import Member

    Rows = list[tuple[object, ...]]
    Places = list[tuple[str, str]]


def _work(member: Member) -> Rows:
    rows = CareStaff.objects.filter(member=member).for_list().order_by("valid_from", "pk")
    return [
        (row.site.name, row.get_role_display(), row.valid_from, row.valid_until, row.checked_on, row.check_until)
        for row in rows
    ]


def _where(member: Member) -> Places:
    return [(path, name) for kind, path, name, _title in _found(member) if kind == "work"]


def _found(member: Member) -> list[tuple[str, str, str, str]]:
    """Return where the member works, and the teachers who see the member's children; one query for both."""

    def ask() -> list[tuple[str, str, str, str]]:
        work = CareStaff.objects.filter(member=member).current()
        places = work.values_list(Value("work"), "site__organization__path", "site__name", Value(""))
        teachers = CareStaff.objects.reading().filter(
            site__terms__signups__in=Enrolment.objects.own(member).filter(state__in=HOLDING)
        )
        seen = teachers.values_list(Value("seen"), Value(""), "member__name", "site__terms__title")
        return list(places.union(seen))

    return kept(member, "childcare", ask)


def _enrolments(member: Member) -> Rows:
    rows = Enrolment.objects.filter(member=member).for_list().order_by("pk")
    return [
        (
            row.offering.title,
            row.child.name if row.child else "",
            row.get_state_display(),
            row.created_at,
            row.signed_at,
        )
        for row in rows
    ]


def _attendances(member: Member) -> Rows:
    rows = Attendance.objects.filter(enrolment__member=member).for_list().order_by("day__on", "pk")
    return [
        (
            row.day.on,
            row.day.term.title,
            row.enrolment.child.name if row.enrolment.child else "",
            row.get_state_display(),
            row.arrived_at,
            row.left_at,
        )
        for row in rows
    ]


def _attempts(member: Member) -> Rows:
    rows = PickUpAttempt.objects.visible_to(member).for_list().order_by("at", "pk")
    return [(row.at, row.attendance.enrolment.offering.title, row.adult, row.get_outcome_display()) for row in rows]


def _pickups(member: Member) -> Rows:
    listed = PickUpPerson.objects.own(member).for_list().order_by("pk")
    barred = PickUpBar.objects.own(member).select_related("child").order_by("pk")
    return [
        *((row.child.name, row.name, row.phone, row.relation, row.valid_from, row.valid_until) for row in listed),
        *((row.child.name, row.name, row.phone, row.document, row.created_at, row.ended_at) for row in barred),
    ]


def _known(member: Member) -> Rows:
    rows = Enrolment.objects.filter(member=member).for_list().order_by("pk")
    return [
        (row.offering.title, row.allergies, row.medicines, row.notes, row.contact_name, row.contact_phone)
        for row in rows
        if row.has_alert or row.notes or row.contact_phone
    ]


def _presences(member: Member) -> Rows:
    rows = StaffPresence.objects.filter(staff__member=member).for_list().order_by("came_at", "pk")
    return [(row.day.term.title, row.came_at, row.left_at) for row in rows]


def _incidents(member: Member) -> Rows:
    rows = Incident.objects.filter(reported_by=member).for_list().order_by("pk")
    return [(row.term.title, row.get_kind_display(), row.happened_at, row.text) for row in rows]


SOURCES = (
    Source(
        code="childcare.staff",
        title=_("Work at care sites"),
        columns=(
            _("Care site"),
            _("Works as"),
            _("From"),
            _("Until (not included)"),
            _("Background check of"),
            _("Check valid until (included)"),
        ),
        rows=_work,
    ),
    Source(
        code="childcare.enrolments",
        title=_("Enrolments of children"),
        columns=(_("Class term"), _("Child"), _("State"), _("Signed up at"), _("Agreement signed at")),
        rows=_enrolments,
    ),
    Source(
        code="childcare.attendances",
        title=_("Attendance of children"),
        columns=(_("Day"), _("Class term"), _("Child"), _("State"), _("Arrived at"), _("Left at")),
        rows=_attendances,
    ),
    Source(
        code="childcare.attempts",
        title=_("Attempts to collect children"),
        columns=(_("At"), _("Class term"), _("Who came"), _("Result")),
        rows=_attempts,
    ),
    Source(
        code="childcare.pickups",
        title=_("Pick-up persons and bars of my children"),
        columns=(
            _("Child"),
            _("Full name"),
            _("Mobile number"),
            _("Relation or decision"),
            _("Valid from"),
            _("Valid until (included)"),
        ),
        rows=_pickups,
    ),
    Source(
        code="childcare.care",
        title=_("What the teachers must know"),
        columns=(
            _("Class term"),
            _("Allergies"),
            _("Medicines"),
            _("What else the class teacher must know"),
            _("Second contact"),
            _("Number of the second contact"),
        ),
        rows=_known,
    ),
    Source(
        code="childcare.presences",
        title=_("Presences of staff"),
        columns=(_("Class term"), _("Came at"), _("Left at")),
        rows=_presences,
    ),
    Source(
        code="childcare.incidents",
        title=_("Safety incidents"),
        columns=(_("Class term"), _("Kind"), _("Happened at"), _("What happened, and what was done")),
        rows=_incidents,
    ),
)
SEEN = (
    Seen(
        code="childcare.staff",
        area=Area.CHILDCARE,
        capability=Capability.VIEW,
        title=_("Work at care sites"),
        fields=(_("Full name"), _("Works as"), _("Check valid until (included)")),
        where=_where,
    ),
)


def assigned(member: Member) -> list[Assigned]:
    """Return the teachers who see the member's children, for each class in which one of them holds a place."""
    fields = (
        _("The child's name, sex and age"),
        _("Your name and mobile number"),
        _("When the child comes, who collects it, and the second contact"),
        _("What the teachers must know"),
    )
    return [
        Assigned(_("Teacher: %(name)s") % {"name": name}, title, fields)
        for kind, _path, name, title in _found(member)
        if kind == "seen"
    ]
