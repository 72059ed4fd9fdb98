"""Statistics in the menus."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.web.menu import Entry

SECTION = _("Figures")
ENTRIES = [
    Entry("desk", _("Overview"), "statistics:dashboard", "chart-bar", 70, SECTION, Area.STATISTICS),
    Entry("desk", _("Explorer"), "statistics:explorer", "chart-line", 71, SECTION, Area.STATISTICS),
]
