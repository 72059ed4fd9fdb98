"""Tables of budgets and costs of events."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventBudget
from portal.web.tables import PlaceColumn
from portal.web.templatetags.portal_ui import amount


class AmountColumn(tables.Column):
    """An amount in yuan with two decimals (fen) and grouped digits."""

    def __init__(self, **kwargs):
        super().__init__(attrs={"th": {"class": "num"}, "td": {"class": "num"}}, **kwargs)

    def render(self, value):
        return amount(value)


class BudgetTable(tables.Table):
    organization = PlaceColumn(
        verbose_name=_("Organisation"),
        order_by=("organization__path",),
        linkify=lambda record: record.get_absolute_url(),
    )
    year = tables.Column(verbose_name=_("Year"), localize=False)
    planned = AmountColumn(verbose_name=_("Budget"))
    costs_planned = AmountColumn(verbose_name=_("Planned for events"), orderable=False)
    costs_spent = AmountColumn(verbose_name=_("Spent"), orderable=False)
    rest = AmountColumn(verbose_name=_("Remaining"), orderable=False)

    class Meta:
        model = EventBudget
        fields = ("organization", "year", "planned", "costs_planned", "costs_spent", "rest")
        order_by = ("-year", "organization")
