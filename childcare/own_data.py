"""The data that childcare holds on a person, and the people who see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from childcare.models import CareStaff, Enrolment
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
    fields = (_("The child's name, sex and age"), _("Your name and mobile number"))
    return [
        Assigned(_("Teacher: %(name)s") % {"name": name}, title, fields)
        for kind, _path, name, title in _found(member)
        if kind == "seen"
    ]
