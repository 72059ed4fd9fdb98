"""Tables of demands for events."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.demands import DemandState
from matchmaking.models import EventDemand
from portal.web.tables import PlaceColumn, StateColumn


class DemandTable(tables.Table):
    wish = tables.Column(verbose_name=_("Demand details"), linkify=True, orderable=False)
    theme = tables.Column(verbose_name=_("Theme"), order_by=("theme__order", "pk"))
    organization = PlaceColumn(verbose_name=_("Unit"))
    on_behalf_of_unit = tables.Column(verbose_name=_("Requested by"))
    people = tables.Column(verbose_name=_("People"))
    created_at = tables.DateColumn(verbose_name=_("Requested on"), format="Y-m-d")
    state = StateColumn(waiting=(DemandState.OPEN,))

    class Meta:
        model = EventDemand
        fields = ("wish", "theme", "organization", "on_behalf_of_unit", "people", "created_at", "state")
        order_by = ("theme", "-created_at")

    def render_on_behalf_of_unit(self, value):
        return _("the unit") if value else _("a single")
