"""Menu entries of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.members.rules import appoints_somewhere
from portal.web.menu import Entry

if TYPE_CHECKING:
    from django.http import HttpRequest

    from portal.members.models import Member

SECTION = _("Organisation and members")
ENTRIES = [
    Entry("desk", _("Members"), "members:member-list", "users", order=70, section=SECTION, area=Area.MEMBERS),
    Entry("desk", _("Duties"), "members:duty-list", "id-badge", order=71, section=SECTION, area=Area.MEMBERS),
    Entry(
        "desk",
        _("Appointments"),
        "members:appointment-list",
        "user-plus",
        order=71,
        section=SECTION,
        shown=appoints_somewhere,
    ),
    Entry("desk", _("Vouching"), "members:vouching-list", "user-check", order=72, section=SECTION, area=Area.MEMBERS),
    Entry("desk", _("Transfers"), "members:transfer-list", "user-share", order=72, section=SECTION, area=Area.MEMBERS),
    Entry(
        "desk",
        _("Confirm people in person"),
        "members:people-confirm",
        "user-check",
        order=72,
        section=SECTION,
        area=Area.MEMBERS,
    ),
    Entry("desk", _("My sign-in"), "members:security", "shield-lock", order=95, section=_("Me")),
    Entry(
        "desk",
        _("Requests about personal data"),
        "members:request-list",
        "user-question",
        order=73,
        section=SECTION,
        shown=lambda actor: bool(actor.reach(Area.MEMBERS, Capability.EDIT)),
    ),
    Entry("member", _("Home"), "home", "home", order=1),
    Entry("member", _("Me"), "members:me", "user-circle", order=90),
    Entry("desk", _("To do"), "home", "checklist", order=1),
]


def provisional_blocks(request: HttpRequest) -> list[tuple[str, dict[str, object]]]:
    """Return the home page blocks that say how to confirm the account or open private pages again."""
    return [("members/_proof_home.html", {"closed_until": cast("Member", request.user).secrets_closed_until})]
