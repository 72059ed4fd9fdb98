"""The rights area in the menus."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.web.menu import Entry

ENTRIES = [
    Entry("desk", _("My cases"), "rights:case-list", "folder", 38, _("Rights"), Area.RIGHTS),
    Entry("desk", _("Ledger of cases"), "rights:ledger-list", "list-numbers", 39, _("Rights"), Area.RIGHTS),
    Entry("desk", _("Rights stations"), "rights:station-list", "scale", 40, _("Rights"), Area.RIGHTS),
    Entry("member", _("Ask for help"), "rights:help-ask", "help-circle", order=39, spare=True),
    Entry("member", _("Where to get help"), "rights:station-find", "scale", order=40, spare=True),
    Entry("member", _("Maternity leave calculator"), "rights:leave-show", "calendar-clock", order=41, spare=True),
]


def landing_blocks(request):
    """Return the links to the request for help and to the calculator, which visitors may use."""
    return [("rights/_help_home.html", {}), ("rights/_leave_home.html", {})]


member_blocks = provisional_blocks = landing_blocks
