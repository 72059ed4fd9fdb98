"""Menu entries of statistics, and the year's figures on the home page of the staff desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.periods import Period, PeriodKind
from portal.statistics import asking, showing
from portal.statistics.rules import can_read_figures
from portal.web.context import Shell
from portal.web.menu import Entry

if TYPE_CHECKING:
    from portal.web.requests import MemberRequest

SECTION = _("Figures")
ENTRIES = [
    Entry("desk", _("Overview"), "statistics:dashboard", "chart-bar", 55, SECTION, Area.STATISTICS),
    Entry("desk", _("Explorer"), "statistics:explorer", "chart-line", 56, SECTION, Area.STATISTICS),
]


def desk_blocks(request: MemberRequest) -> list[tuple[str, dict[str, object]]]:
    """Return the block with the year so far of the chosen organisation, against its targets."""
    node = Shell(request).here
    if node is None or not can_read_figures(request.user, node):
        return []
    period = Period.of(PeriodKind.YEAR, timezone.localdate())
    found = showing.headlines(node, period, asking.shown_indicators())
    if not found:
        return []
    url = showing.address("statistics:dashboard", node=node.pk)
    return [("statistics/_figure_home.html", {"headlines": found, "title": period.title, "overview_url": url})]
