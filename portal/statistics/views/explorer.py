"""The explorer: any indicator, organisation and period, by child, over time, beside its siblings."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.figures import People
from portal.core.periods import PeriodKind
from portal.exchange.workbooks import XLSX
from portal.organizations.models import Organization
from portal.statistics import asking, forms, rules, showing
from portal.statistics.models import RangeCount
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures, targets
from portal.statistics.services.ranges import range_count_ask, range_period
from portal.statistics.services.taking_out import table_take_out
from portal.web.views import CapabilityMixin, FormPageView, ShellMixin


class AskedMixin(CapabilityMixin):
    """Base of pages about the indicator, organisation and period that the URL names."""

    area = Area.STATISTICS

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.reach(self.area, self.capability):
            self.choices = asking.shown_indicators()
            asked = request.GET.get("code", "")
            self.unknown = bool(asked) and asked not in self.choices
            self.code = asked if asked in self.choices else next(iter(self.choices))
            self.node = asking.node_of(request)
            self.period, self.readable = asking.period_of(request)
            self.indicator = indicators()[self.code]
            self.words = self.choices[self.code]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"indicator": self.words, "node": self.node, "period": self.period, **kwargs})


class ExplorerView(AskedMixin, generic.TemplateView):
    """An indicator at an organisation in a period."""

    cost = "figures"
    template_name = "statistics/figure_explorer.html"
    title = _("Explorer")
    # FEW children are shown at first, MOST when all are requested; larger tables must be exported.
    FEW, MOST = 50, 500

    def get_template_names(self):
        if self.request.htmx and not self.request.htmx.boosted:
            return ["statistics/_figure_explorer.html"]
        return [self.template_name]

    def get_context_data(self, **kwargs):
        code, node, period = self.code, self.node, self.period
        before = asking.compared_with(code, period)
        table, earlier = figures.tables(code, node, [period, before])
        line = asking.line_to(self.request, node)
        order = self.request.GET.get("by", "")
        children = list(table.children.items())
        if order == "value":
            children.sort(key=lambda item: (item[1].value is None, -(item[1].value or 0)))
        shown = self.MOST if self.request.GET.get("all") else self.FEW
        rows = self.rows(children[:shown], table, earlier, before)
        total = showing.shown(code, node, period, table.total, earlier.total)
        target = targets.targets_of(node, period.start.year).get(code) if period.kind == PeriodKind.YEAR else None
        return super().get_context_data(
            groups=self.groups(),
            periods=asking.period_choices(period),
            unreadable=not self.readable or self.unknown,
            line=[(row.label, showing.explorer_url(code, row, period)) for row in line],
            total=total,
            own=showing.shown(code, node, period, table.own) if table.own.value else None,
            rows=rows,
            row_count=len(children),
            is_cut=len(children) > shown,
            can_show_all=shown == self.FEW,
            before=before,
            own_before=showing.shown(code, node, before, earlier.own) if earlier.own.value else None,
            total_before=showing.shown(code, node, before, earlier.total),
            ranked=order == "value",
            trend=self.trend(),
            trend_kind="bar" if self.words.kind in ("flow", "people") else "line",
            siblings=self.siblings(),
            adds=not isinstance(self.indicator.figure, People),
            target=target,
            reached=self.reached(table.total.value, target),
            parts=self.part_names(),
            counting=self.counting() if table.total.pending else None,
            can_export=rules.can_export_figures(self.request.user, node),
            targets_url=showing.address("statistics:targets", node=node.pk, year=period.start.year)
            if rules.can_set_targets(self.request.user, node)
            else "",
            overview_url=showing.address("statistics:dashboard", node=node.pk, period=period),
            range_from=f"{period.start:%Y-%m}" if period.kind == PeriodKind.RANGE else "",
            range_to=f"{period.end:%Y-%m}" if period.kind == PeriodKind.RANGE else "",
            take_out_url=showing.address("statistics:figure-export", code=code, node=node.pk, period=period),
            count_url=showing.address("statistics:range-count", code=code, node=node.pk, period=period),
            **kwargs,
        )

    def groups(self):
        """Return the indicators to choose from, grouped by area."""
        found = {}
        for words in self.choices.values():
            found.setdefault(words.area, []).append(words)
        return list(found.items())

    def rows(self, children, table, earlier, earlier_period):
        largest = max((abs(cell.value) for cell in table.children.values() if cell.value), default=0)
        before = {child.pk: cell for child, cell in earlier.children.items()}
        return [
            {
                "organization": child,
                "url": showing.explorer_url(self.code, child, self.period),
                "cell": showing.shown(self.code, child, self.period, cell, before.get(child.pk)),
                "before": showing.shown(self.code, child, earlier_period, before[child.pk]),
                "share": round(100 * abs(cell.value) / largest) if cell.value and largest else 0,
            }
            for child, cell in children
        ]

    def trend(self):
        periods = self.period.run(asking.TREND[PeriodKind(self.period.kind)])
        cells = figures.trend(self.code, self.node, periods)
        return [
            {
                "title": period.title,
                "cell": showing.shown(self.code, self.node, period, cell),
                "url": showing.explorer_url(self.code, self.node, period),
            }
            for period, cell in zip(periods, cells, strict=True)
        ]

    def siblings(self):
        """Return the five largest figures among this organisation and its siblings, and its own.

        The largest comes first. The figures have no links to rows.
        """
        # People of a free range are counted on request, and nobody requests counts for the siblings of their own
        # organisation.
        if not self.node.parent_id or (self.words.kind == "people" and self.period.kind == PeriodKind.RANGE):
            return []
        beside = list(Organization.objects.filter(parent=self.node.parent_id, closed_on=None))
        if len(beside) < 2:
            return []
        cells = figures.values([self.code], [row.pk for row in beside], self.period)
        ranked = [(row, cells[self.code, row.pk].value) for row in beside]
        ranked = sorted((pair for pair in ranked if pair[1] is not None), key=lambda pair: (-pair[1], pair[0].pinyin))
        return [
            {
                "rank": place,
                "organization": row,
                "value": value,
                "text": showing.as_text(self.code, value),
                "own": row.pk == self.node.pk,
            }
            for place, (row, value) in enumerate(ranked, start=1)
            if place <= 5 or row.pk == self.node.pk
        ]

    @staticmethod
    def reached(value, target):
        return min(round(100 * value / target), 999) if value is not None and target else None

    def part_names(self):
        if self.words.kind != "ratio":
            return ()
        figure = self.indicator.figure
        return tuple(
            (
                self.choices[code].name if code in self.choices else str(indicators()[code].name),
                showing.explorer_url(code, self.node, self.period),
            )
            for code in (figure.numerator, figure.denominator)
        )

    def counting(self):
        """Return the latest count requested for this range, or None."""
        rows = RangeCount.objects.filter(
            indicator=self.code, organization=self.node, first=self.period.start, last=self.period.end
        )
        return rows.select_related("job").order_by("-pk").first()


class RangeCountView(AskedMixin, generic.View):
    """Requests the number of distinct people in a free range; a job counts them."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        range_count_ask(actor=request.user, indicator=self.indicator, organization=self.node, period=self.period)
        return HttpResponseRedirect(showing.explorer_url(self.code, self.node, self.period))


class RangePartView(ShellMixin, generic.TemplateView):
    """Shows the progress of a count; the page polls it."""

    template_name = "components/job.html"

    def get_context_data(self, **kwargs):
        rows = RangeCount.objects.visible_to(self.request.user).for_list()
        row = get_object_or_404(rows, pk=self.kwargs["pk"])
        period = range_period(row)
        return super().get_context_data(
            job=row.job,
            url=self.request.path,
            result_url=showing.explorer_url(row.indicator, row.organization, period),
            **kwargs,
        ) | {"title": _("People are being counted")}


class FigureExportView(AskedMixin, FormPageView):
    """Exports the explorer's table as a workbook, for use inside or outside the reporting line."""

    cost_of_post = "take-out"
    form_class = forms.TakeOutForm
    title = _("Export this table")
    submit_label = _("Download as Excel")
    download = True

    def get(self, request, *args, **kwargs):
        self.check()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.check()
        return super().post(request, *args, **kwargs)

    def check(self):
        if not rules.can_export_figures(self.request.user, self.node):
            raise PermissionDenied

    def get_initial(self):
        return {"leaves": "inside"}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subtitle=f"{self.words.name} · {self.node.label} · {self.period.title}",
            back_url=showing.explorer_url(self.code, self.node, self.period),
            **kwargs,
        )

    def form_valid(self, form):
        try:
            content = table_take_out(
                actor=self.request.user,
                code=self.code,
                words=self.words,
                node=self.node,
                period=self.period,
                outside=form.cleaned_data["leaves"] == "outside",
            )
        except DomainError as error:
            return self.refused(form, error)
        response = HttpResponse(content, content_type=XLSX)
        response.headers["Content-Disposition"] = f'attachment; filename="{self.code}-{self.period}.xlsx"'
        return response
