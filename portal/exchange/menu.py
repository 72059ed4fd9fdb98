"""Imports and exports in the desk menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.web.menu import Entry

if TYPE_CHECKING:
    from portal.members.models import Member


def takes_out(actor: Member) -> bool:
    """Return whether ``actor`` may export or release lists anywhere."""
    return any(actor.reach(area, need) for area in Area for need in (Capability.EXPORT, Capability.APPROVE))


ENTRIES = [
    Entry(
        "desk",
        _("Lists from Excel"),
        "exchange:index",
        "file-import",
        order=80,
        section=_("Organisation and members"),
        area=Area.MEMBERS,
    ),
    Entry(
        "desk",
        _("Exports"),
        "exchange:export-run-list",
        "file-export",
        order=81,
        section=_("Organisation and members"),
        shown=takes_out,
    ),
]
