"""The menu entry of rubrics, for those who keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability
from portal.core.roles import WORK_AREAS
from portal.inspections.rules import at_the_province
from portal.web.menu import Entry

if TYPE_CHECKING:
    from portal.members.models import Member


def keeps_rubrics(actor: Member) -> bool:
    """Return whether the actor may edit rubrics of an area at the province."""
    return any(at_the_province(actor, area, Capability.EDIT) for area in WORK_AREAS)


ENTRIES = [
    Entry("desk", _("Rubrics"), "inspections:rubric-list", "list-check", 85, _("Administration"), shown=keeps_rubrics)
]
