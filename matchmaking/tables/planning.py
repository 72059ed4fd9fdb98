"""Tables of series, themes, venues, partners, demands, money."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import DemandState
from matchmaking.models import EventBudget, EventDemand, EventPartner, EventSeries, EventTheme, Venue
from portal.web.tables import PlaceColumn, StateColumn
from portal.web.templatetags.portal_ui import amount, badge


class AmountColumn(tables.Column):
    """Yuan to the fen, grouped."""

    def __init__(self, **kwargs):
        super().__init__(attrs={"th": {"class": "num"}, "td": {"class": "num"}}, **kwargs)

    def render(self, value):
        return amount(value)


def in_use(value):
    return badge("active" if value else "inactive", _("in use") if value else _("not in use"))


class SeriesTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"), linkify=True)
    organization = PlaceColumn(verbose_name=_("Organisation"))
    held = tables.Column(verbose_name=_("Events"), orderable=False)
    active = tables.Column(verbose_name=_("State"))

    class Meta:
        model = EventSeries
        fields = ("name", "organization", "held", "active")
        order_by = ("name",)

    def render_active(self, value):
        return in_use(value)


class ThemeTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"))
    mode = tables.Column(verbose_name=_("Mode"))
    held = tables.Column(verbose_name=_("Events"), orderable=False)
    order = tables.Column(verbose_name=_("Order"))
    active = tables.Column(verbose_name=_("State"))

    class Meta:
        model = EventTheme
        fields = ("name", "mode", "held", "order", "active")
        order_by = ("order", "pk")

    def __init__(self, *args, may_edit=False, **kwargs):
        self.may_edit = may_edit
        super().__init__(*args, **kwargs)

    def render_name(self, record):
        if not self.may_edit:
            return record.name
        return format_html('<a href="{}">{}</a>', reverse("matchmaking:theme-update", args=[record.pk]), record.name)

    def render_active(self, value):
        return in_use(value)


class VenueTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"), linkify=True)
    kind = tables.Column(verbose_name=_("Kind"))
    region = tables.Column(verbose_name=_("Region"), order_by=("region_id", "pk"))
    capacity = tables.Column(verbose_name=_("People at most"))
    held = tables.Column(verbose_name=_("Events"), orderable=False)
    organization = PlaceColumn(verbose_name=_("Entered by"))
    active = tables.Column(verbose_name=_("State"))

    class Meta:
        model = Venue
        fields = ("name", "kind", "region", "capacity", "held", "organization", "active")
        order_by = ("region", "name")

    def render_active(self, value):
        return in_use(value)


class PartnerTable(tables.Table):
    """Events of others that a union of the reader's reach holds with them."""

    event = tables.Column(
        verbose_name=_("Event"),
        accessor="event__title",
        orderable=False,
        linkify=lambda record: reverse("matchmaking:partner-figures", args=[record.pk]),
    )
    lead = tables.Column(verbose_name=_("Held by"), accessor="event__organization__label", orderable=False)
    organization = tables.Column(verbose_name=_("Union"), accessor="organization__label", orderable=False)
    starts_at = tables.DateTimeColumn(verbose_name=_("Begins"), accessor="event__starts_at", format="Y-m-d H:i")
    state = StateColumn(accessor="event__state", orderable=False)

    class Meta:
        model = EventPartner
        fields = ("event", "lead", "organization", "starts_at", "state")
        order_by = ("-starts_at",)


class DemandTable(tables.Table):
    wish = tables.Column(verbose_name=_("What is wished for"), linkify=True, orderable=False)
    theme = tables.Column(verbose_name=_("Theme"), order_by=("theme__order", "pk"))
    organization = PlaceColumn(verbose_name=_("Unit"))
    on_behalf_of_unit = tables.Column(verbose_name=_("Asked by"))
    people = tables.Column(verbose_name=_("People"))
    created_at = tables.DateColumn(verbose_name=_("Asked on"), format="Y-m-d")
    state = StateColumn(waiting=(DemandState.OPEN,))

    class Meta:
        model = EventDemand
        fields = ("wish", "theme", "organization", "on_behalf_of_unit", "people", "created_at", "state")
        order_by = ("theme", "-created_at")

    def render_on_behalf_of_unit(self, value):
        return _("the unit") if value else _("a single")


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
    rest = AmountColumn(verbose_name=_("Rest"), orderable=False)

    class Meta:
        model = EventBudget
        fields = ("organization", "year", "planned", "costs_planned", "costs_spent", "rest")
        order_by = ("-year", "organization")
