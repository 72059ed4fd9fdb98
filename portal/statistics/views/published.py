"""What the public may read: whole quarters and years of the province by city, small numbers hidden."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.periods import Period, PeriodKind, months_after
from portal.core.text import whole_number
from portal.organizations.models import Organization
from portal.statistics import asking, selectors, services
from portal.statistics.registry import indicators
from portal.statistics.suppression import hidden_cells, with_totals
from portal.web.views import ShellMixin

FIRST_YEAR = 2015


@method_decorator(login_not_required, name="dispatch")
class PublishedView(ShellMixin, generic.TemplateView):
    """One table an indicator: cities by the quarters of a year that are over."""

    shell = None
    template_name = "statistics/figure_published.html"
    title = _("Figures of the province")

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        asked = self.request.GET.get("year", "")
        year = whole_number(asked) if asked else today.year
        if year is None or not FIRST_YEAR <= year <= today.year:
            raise Http404
        root = Organization.objects.filter(parent=None).first()
        start = today.replace(year=year, month=1, day=1)
        quarters = [Period.of(PeriodKind.QUARTER, months_after(start, 3 * step)) for step in range(4)]
        over = [quarter for quarter in quarters if quarter.end < today]
        words = asking.shown_indicators()
        codes = [code for code in words if services.is_published(indicators()[code])]
        return super().get_context_data(
            year=year,
            years=range(today.year, max(today.year - 6, FIRST_YEAR) - 1, -1),
            quarters=[quarter.title for quarter in over],
            whole=len(over) == len(quarters),
            tables=[self.table(words[code], root, over) for code in codes] if root and over else [],
            **kwargs,
        )

    @staticmethod
    def table(words, root, quarters):
        """Return the table of one indicator as rows of (label, texts), the totals of rows and columns among them."""
        found = [selectors.table(words.code, root, quarter) for quarter in quarters]
        children = {child.pk: child for table in found for child in table.children}
        cells = [
            [int(cells.get(pk, 0) or 0) for cells in ({c.pk: v.value for c, v in t.children.items()} for t in found)]
            for pk in children
        ]
        labels = [child.label for child in children.values()]
        own = [int(table.own.value or 0) for table in found]
        if any(own):
            cells.append(own)
            labels.append(root.label)
        if not cells:
            return {"words": words, "rows": []}
        hidden = hidden_cells(cells)
        rows = []
        for at, (label, row) in enumerate(zip([*labels, _("Province")], with_totals(cells), strict=True)):
            texts = [
                services.hidden_words(hidden[at, to]) if (at, to) in hidden else f"{value:,}"
                for to, value in enumerate(row)
            ]
            rows.append((label, texts))
        return {"words": words, "rows": rows}
