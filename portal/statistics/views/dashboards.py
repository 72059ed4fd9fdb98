"""Dashboards: the year at a glance at every level, what changed most, what is overdue below."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.choices import Area
from portal.core.discovery import declared
from portal.core.periods import Period, PeriodKind, month_of, months_after
from portal.statistics import asking, rules, selectors, showing
from portal.statistics.registry import indicators
from portal.web.views import CapabilityMixin


@dataclass(frozen=True)
class Headline:
    """One large figure of a first page, with its target of the year."""

    words: asking.Words
    figure: showing.Shown
    url: str
    target: object
    reached: int | None


def headlines(node, period):
    """Return the Headlines of an organisation."""
    choices = asking.shown_indicators()
    codes = [code for code in choices if indicators()[code].headline]
    now = selectors.values(codes, [node.pk], period)
    before = selectors.values(codes, [node.pk], period.year_before())
    targets = selectors.targets_of(node, period.start.year) if period.kind == PeriodKind.YEAR else {}
    found = []
    for code in codes:
        cell = now[code, node.pk]
        target = targets.get(code)
        reached = min(round(100 * cell.value / target), 999) if cell.value is not None and target else None
        shown = showing.shown(code, node, period, cell, before[code, node.pk])
        found.append(Headline(choices[code], shown, showing.explorer_url(code, node, period), target, reached))
    return found


def so_far(period):
    """Return the months of ``period`` that are over or run, to be held against the same months a year earlier."""
    this_month = month_of(timezone.localdate())
    last = min(period.last_month, this_month)
    return Period.range(period.start, last) if last >= period.start else period


def changes(node, period):
    """Return the largest changes below an organisation, each with its words and the rows of both times."""
    months = so_far(period)
    choices = asking.shown_indicators()
    codes = [code for code in choices if indicators()[code].headline]
    return [
        {
            "words": choices[change.code],
            "change": change,
            "more": change.difference > 0,
            "number": abs(change.difference),
            "url": showing.explorer_url(change.code, change.organization, months),
            "rows_url": showing.rows_url(change.code, change.organization, months),
            "before_url": showing.rows_url(change.code, change.organization, months.year_before()),
        }
        for change in selectors.biggest_changes(codes, node, months)
    ]


def overdue_below(actor, node):
    """Return what is overdue at and below an organisation, as floors and rooms declare it in ``todo.py``."""
    found = []
    for module in declared("todo"):
        if hasattr(module, "overdue_below"):
            found += module.overdue_below(actor, node)
    return [item for item in found if item.count]


class DashboardView(CapabilityMixin, generic.TemplateView):
    """The figures of an organisation: against targets, month by month, by child, what changed, what is late."""

    area = Area.STATISTICS
    template_name = "statistics/figure_dashboard.html"
    title = _("Overview")
    CHARTS = 3

    def get_context_data(self, **kwargs):
        request = self.request
        node = asking.node_of(request)
        period, readable = asking.period_of(request)
        found = headlines(node, period)
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
            changes=changes(node, period),
            overdue=overdue_below(request.user, node),
            can_set_targets=rules.can_set_targets(request.user, node),
            targets_url=showing.address("statistics:targets", node=node.pk, year=period.start.year),
            **kwargs,
        )

    def charts(self, node, found):
        """Return the months of the last year for the flows among the headlines, as charts with their tables."""
        this_month = month_of(timezone.localdate())
        months = [Period.of(PeriodKind.MONTH, months_after(this_month, -back)) for back in range(12, -1, -1)]
        flows = [line.words for line in found if line.words.kind == "flow"][: self.CHARTS]
        return [
            {
                "words": words,
                "rows": [
                    {
                        "title": month.title,
                        "value": cell.value,
                        "url": showing.rows_url(words.code, node, month) if cell.value else "",
                    }
                    for month, cell in zip(months, selectors.trend(words.code, node, months), strict=True)
                ],
            }
            for words in flows
        ]
