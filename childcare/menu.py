"""Childcare in the menus."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.web.menu import Entry

ENTRIES = [
    Entry("desk", _("Class terms"), "childcare:term-list", "school", 60, _("Childcare"), Area.CHILDCARE),
    Entry("desk", _("Care sites"), "childcare:site-list", "map-pin", 61, _("Childcare"), Area.CHILDCARE),
    Entry("desk", _("Safety incidents"), "childcare:incident-list", "urgent", 62, _("Childcare"), Area.CHILDCARE),
    Entry("desk", _("Settlements and subsidies"), "childcare:result-list", "sum", 64, _("Childcare"), Area.CHILDCARE),
    Entry("desk", _("Nurseries"), "childcare:nursery-list", "mood-smile", 63, _("Childcare"), Area.CHILDCARE),
    Entry("member", _("Holiday classes"), "childcare:class-find", "school", order=45, spare=True),
]


def landing_blocks(request):
    """Return the link to the search for classes and nursery places, which visitors may use."""
    return [("childcare/_finder_home.html", {})]
