"""Desk pages of the settlements of classes, from which the file of subsidies is exported."""

from django.utils.translation import gettext_lazy as _

from childcare.filters.results import ResultFilter
from childcare.models import TermResult
from portal.core.choices import Area
from portal.organizations.records import Records


class ResultPages(Records):
    model = TermResult
    area = Area.CHILDCARE
    prefix = "result"
    path = "results/"
    row_name = "result"
    title = _("Settlements and subsidies")
    empty_title = _("No class is settled yet")
    empty_text = _("A class is settled on its page, once it is over.")
    columns = (
        "term",
        "ended_on",
        "children",
        "class_days",
        "child_days",
        "teachers",
        "incidents",
        "subsidy",
        "subsidy_rule",
        "confirmed_at",
    )
    facts = (
        "ended_on",
        "children",
        "class_days",
        "child_days",
        "teachers",
        "incidents",
        "ratings",
        (_("Rating"), "rating"),
        "subsidy",
        "subsidy_rule",
        "settled_by",
        "settled_at",
        "confirmed_by",
        "confirmed_at",
    )
    filterset_class = ResultFilter
