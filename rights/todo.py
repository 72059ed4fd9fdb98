"""To-do items of cases that no deadline makes: closures that wait for a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.web.todo import Todo
from rights.choices.cases import AssignedAs, CaseState
from rights.models import RightsCase

if TYPE_CHECKING:
    from portal.members.models import Member

SHOWN = 50


def items_for(actor: Member) -> list[Todo]:
    """Return the closures that the actor may approve."""
    rows = RightsCase.objects.reached_by(actor, Capability.APPROVE).assigned_to(actor, AssignedAs.SUPERVISOR)
    rows = rows.filter(state=CaseState.CLOSING).exclude(proposed_by=actor).order_by("proposed_at", "pk")
    return [
        Todo(_("Approve the closure of case %(number)s") % {"number": row}, row.get_absolute_url(), "circle-check")
        for row in rows[:SHOWN]
    ]
