"""To-do items of the rights area that no deadline makes: law sessions that are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.choices import Area, Capability
from portal.web.todo import Todo
from rights.choices.law_sessions import LawSessionState
from rights.models import LawSession

if TYPE_CHECKING:
    from portal.members.models import Member

SHOWN = 50


def items_for(actor: Member) -> list[Todo]:
    """Return the sessions of the actor's own organisations that are over, whose visits are not recorded yet."""
    paths = set(actor.reach(Area.RIGHTS, Capability.EDIT))
    own = {duty.organization_id for duty in actor.duties if duty.organization.path in paths}
    over = LawSession.objects.filter(organization__in=own, state=LawSessionState.OPEN, ends_at__lte=timezone.now())
    return [
        Todo(_("Record how many people came: %(title)s") % {"title": row.title}, row.get_absolute_url(), "gavel")
        for row in over.order_by("ends_at", "pk")[:SHOWN]
    ]
