"""Dashboards: the year's figures at every level, what changed most, what is overdue below."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.choices import Area, Level
from portal.core.discovery import declared
from portal.core.periods import Period, PeriodKind, month_of, months_after
from portal.organizations.models import Organization
from portal.statistics import asking, rules, showing
from portal.statistics.selectors import figures, targets
from portal.web.views import CapabilityMixin


def changes(node, period, choices):
    """Return the largest changes below an organisation, each with URLs of the rows of both periods."""
    months = asking.so_far(period)
    return [
        {
            "words": choices[change.code],
            "change": change,
            "more": change.difference > 0,
            "number": abs(change.difference),
            "url": showing.explorer_url(change.code, change.organization, months),
            "rows_url": _opened(change.code, change.organization, months, change.value),
            "before_url": _opened(change.code, change.organization, months.year_before(), change.before),
        }
        for change in targets.biggest_changes(showing.headline_codes(choices), node, months)
    ]


def _opened(code, organization, months, value):
    return showing.rows_url(code, organization, months) if value else ""


def overdue_below(actor, node):
    """Return what is overdue at and below an organisation.

    Shared packages and areas declare it in ``todo.py``.
    """
    found = []
    for module in declared("todo"):
        if hasattr(module, "overdue_below"):
            found += module.overdue_below(actor, node)
    month = Period.of(PeriodKind.MONTH, timezone.localdate())
    return [
        {"label": item.label, "count": item.count, "url": item.url or showing.rows_url(item.code, node, month)}
        for item in found
        if item.count
    ]


class DashboardView(CapabilityMixin, generic.TemplateView):
    """The figures of an organisation: targets, months, children, largest changes, overdue items."""

    area = Area.STATISTICS
    template_name = "statistics/figure_dashboard.html"
    title = _("Overview")
    CHARTS = 3

    def get_context_data(self, **kwargs):
        request = self.request
        node = asking.node_of(request)
        period, readable = asking.period_of(request)
        choices = asking.shown_indicators()
        found = showing.headlines(node, period, choices)
        return super().get_context_data(
            node=node,
            period=period,
            periods=asking.period_choices(period),
            unreadable=not readable,
            line=[
                (row.label, showing.address("statistics:dashboard", node=row.pk, period=period))
                for row in asking.line_to(request, node)
            ],
            headlines=found,
            charts=self.charts(node, found),
            changes=changes(node, period, choices),
            overdue=overdue_below(request.user, node),
            targets_url=showing.address("statistics:targets", node=node.pk, year=period.start.year)
            if rules.can_set_targets(request.user, node)
            else "",
            explorer_url=showing.address("statistics:explorer", node=node.pk, period=period),
            children=[
                (row.label, showing.address("statistics:dashboard", node=row.pk, period=period))
                for row in Organization.objects.filter(parent=node, closed_on=None).order_by("pinyin", "pk")[:60]
            ]
            if node.level < Level.COUNTY
            else [],
            **kwargs,
        )

    def charts(self, node, found):
        """Return the last 13 months of the flows among the headlines, as charts with their tables."""
        this_month = month_of(timezone.localdate())
        months = [Period.of(PeriodKind.MONTH, months_after(this_month, -back)) for back in range(12, -1, -1)]
        flows = [line.words for line in found if line.words.kind == "flow"][: self.CHARTS]
        cells = figures.trends([words.code for words in flows], node, months)
        return [
            {
                "words": words,
                "rows": [
                    {"title": month.title, "cell": showing.shown(words.code, node, month, cell)}
                    for month, cell in zip(months, cells[words.code], strict=True)
                ],
            }
            for words in flows
        ]
