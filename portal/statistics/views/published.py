"""The public page: whole quarters and years of the province by city, small numbers hidden."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.text import whole_number
from portal.organizations.models import Organization
from portal.statistics import asking
from portal.statistics.models import PublishedYear
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures
from portal.statistics.services.publishing import FIRST_YEAR, is_published, quarters_over
from portal.statistics.services.taking_out import published_text
from portal.web.middleware import public_page
from portal.web.views import ShellMixin


@public_page
class PublishedView(ShellMixin, generic.TemplateView):
    """One table per indicator, computed in advance: cities by the quarters of a year that are over."""

    shell = None
    template_name = "statistics/figure_published.html"
    title = _("Figures of the province")

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        asked = self.request.GET.get("year", "")
        year = whole_number(asked) if asked else today.year
        if year is None or not FIRST_YEAR <= year <= today.year:
            raise Http404
        published = PublishedYear.objects.filter(year=year).first() or PublishedYear(year=year, quarters=4)
        over = quarters_over(year)[: published.quarters]
        return super().get_context_data(
            year=year,
            years=range(today.year, max(today.year - 6, FIRST_YEAR) - 1, -1),
            quarters=[quarter.title for quarter in over],
            whole=len(over) == 4,
            tables=self.tables(published, over),
            **kwargs,
        )

    @staticmethod
    def tables(published, quarters):
        """Return a table for each indicator as rows of (label, [(heading, text)]), including the totals."""
        root = Organization.objects.filter(parent=None).first()
        if root is None or not quarters:
            return []
        names = figures.labels({pk for table in published.tables.values() for pk in table["places"] if pk})
        headings = [*(quarter.title for quarter in quarters), _("Total")]
        made = []
        for code, words in asking.shown_indicators().items():
            if not is_published(indicators()[code]):
                continue
            table = published.tables.get(code, {"places": [], "cells": []})
            labels = [root.label if pk is None else names.get(pk, "") for pk in table["places"]] + [_("Province")]
            rows = [
                (label, list(zip(headings, map(published_text, row), strict=True)))
                for label, row in zip(labels, table["cells"], strict=False)
            ]
            made.append({"words": words, "rows": rows})
        return made
