"""What inspections hold on the people who inspect; an area declares it for its own models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability
from portal.core.own_data import Assigned, Seen, Source

if TYPE_CHECKING:
    from portal.core.choices import Area
    from portal.inspections.models import Inspection
    from portal.members.models import Member

SOURCES: tuple[Source, ...] = ()
SEEN: tuple[Seen, ...] = ()


def assigned(member: Member) -> list[Assigned]:
    """Return nothing: who inspects is seen only by holders of a duty, and by those who answer for the unit."""
    return []


def _held_by(model: type[Inspection], member: Member) -> list[Inspection]:
    return list(model._default_manager.of_inspector(member).for_list().order_by("planned_on", "pk"))  # type: ignore[attr-defined]  # an InspectionQuerySet


def inspector_source(model: type[Inspection], *, code: str) -> Source:
    """Return the sheet of the inspections of ``model`` in whose team a person is or was."""

    def rows(member: Member) -> list[tuple[object, ...]]:
        return [
            (row.subject, row.organization.name, row.planned_on, row.held_on, row.get_state_display())
            for row in _held_by(model, member)
        ]

    columns = (_("Inspected"), _("Inspecting organisation"), _("Planned on"), _("Held on"), _("State"))
    return Source(code=code, title=_("Inspections that I held"), columns=columns, rows=rows)


def inspector_seen(model: type[Inspection], *, code: str, area: Area) -> Seen:
    """Return that the staff where an inspection belongs see who inspects."""

    def where(member: Member) -> list[tuple[str, str]]:
        return [(row.organization.path, row.subject) for row in _held_by(model, member)]

    return Seen(
        code=code,
        area=area,
        capability=Capability.VIEW,
        title=_("That you are an inspector"),
        fields=(_("Full name"), _("Inspection")),
        where=where,
        condition=_("After the result, also the inspected unit."),
    )
