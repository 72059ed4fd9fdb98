"""The rights area in the menus."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.signups.choices import SignUpState
from portal.web.menu import Entry
from rights.models import LawSession

ENTRIES = [
    Entry("desk", _("My cases"), "rights:case-list", "folder", 38, _("Rights"), Area.RIGHTS),
    Entry("desk", _("Ledger of cases"), "rights:ledger-list", "list-numbers", 39, _("Rights"), Area.RIGHTS),
    Entry("desk", _("Rights stations"), "rights:station-list", "scale", 40, _("Rights"), Area.RIGHTS),
    Entry("desk", _("Law sessions"), "rights:session-list", "gavel", 41, _("Rights"), Area.RIGHTS),
    Entry("member", _("Ask for help"), "rights:help-ask", "help-circle", order=39, spare=True),
    Entry("member", _("Where to get help"), "rights:station-find", "scale", order=40, spare=True),
    Entry("member", _("Law sessions"), "rights:law-find", "gavel", order=42, spare=True),
    Entry("member", _("Maternity leave calculator"), "rights:leave-show", "calendar-clock", order=41, spare=True),
]


def landing_blocks(request):
    """Return the links to the request for help and to the calculator, which visitors may use."""
    return [("rights/_help_home.html", {}), ("rights/_leave_home.html", {})]


def member_blocks(request):
    """Return the same links, and the law sessions that the member may sign up for or has signed up for.

    A provisional account gets them too.
    """
    return [*landing_blocks(request), *law_blocks(request)]


def law_blocks(request):
    """Return the member's next law session, or else the next one that is open; nothing if there is none."""
    session = LawSession.objects.first_for(request.user)
    if session is None:
        return []
    mine = {"state": session.mine, "get_state_display": SignUpState(session.mine).label} if session.mine else None
    return [("rights/_law_home.html", {"session": session, "mine": mine})]


provisional_blocks = member_blocks
