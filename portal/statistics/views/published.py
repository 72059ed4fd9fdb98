"""What the public may read: whole quarters and years of the province by city, small numbers hidden."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.periods import Period, PeriodKind, months_after
from portal.core.text import whole_number
from portal.organizations.models import Organization
from portal.statistics import asking, selectors, services
from portal.statistics.registry import indicators
from portal.web.middleware import public_page
from portal.web.views import ShellMixin

FIRST_YEAR = 2015


@public_page
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
            tables=self.tables([words[code] for code in codes], root, over) if root and over else [],
            **kwargs,
        )

    @staticmethod
    def tables(choices, root, quarters):
        """Return a table for each indicator as rows of (label, [(heading, text)]), the totals among them."""
        found = selectors.by_child([words.code for words in choices], root, quarters)
        names = selectors.labels({pk for cells in found for _code, pk in cells if pk is not None})
        headings = [*(quarter.title for quarter in quarters), _("Together")]
        made = []
        for words in choices:
            places = [pk for pk in names if any((words.code, pk) in cells for cells in found)]
            cells = [[_whole(some.get((words.code, pk))) for some in found] for pk in places]
            own = [_whole(some.get((words.code, None))) for some in found]
            labels = [names[pk] for pk in places]
            if any(own):
                cells.append(own)
                labels.append(root.label)
            texts = services.published_texts(cells) if cells else []
            rows = [
                (label, list(zip(headings, row, strict=True))) for label, row in zip(labels, texts[:-1], strict=True)
            ]
            if texts:
                rows.append((_("Province"), list(zip(headings, texts[-1], strict=True))))
            made.append({"words": words, "rows": rows})
        return made


def _whole(cell):
    return int(cell.value or 0) if cell is not None else 0
