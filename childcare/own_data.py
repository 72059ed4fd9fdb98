"""The data that childcare holds on a person, and the people who see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from childcare.models import CareStaff, Enrolment
from portal.core.choices import Area, Capability
from portal.core.own_data import Assigned, Seen, Source

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
    rows = CareStaff.objects.filter(member=member).current().for_list()
    return [(row.site.organization.path, row.site.name) for row in rows]


def _enrolments(member: Member) -> Rows:
    rows = Enrolment.objects.filter(member=member).for_list().order_by("pk")
    return [
        (row.offering.title, row.child.name if row.child else "", row.get_state_display(), row.created_at)
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
        columns=(_("Class term"), _("Child"), _("State"), _("Signed up at")),
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
    """Return the teachers who see the member's children, for each place that one of them holds."""
    rows = [row for row in Enrolment.objects.own(member).for_list().order_by("pk") if row.holds_place]
    teachers: dict[int, list[str]] = {}
    sites = {row.offering.site_id for row in rows}
    for row in CareStaff.objects.reading().filter(site__in=sites).select_related("member").order_by("pk"):
        teachers.setdefault(row.site_id, []).append(row.member.name)
    fields = (_("The child's name, sex and age"), _("Your name and mobile number"))
    return [
        Assigned(_("Teacher: %(name)s") % {"name": name}, row.offering.title, fields)
        for row in rows
        for name in teachers.get(row.offering.site_id, [])
    ]
