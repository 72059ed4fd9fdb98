"""Tables of series and themes of events."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventSeries, EventTheme
from portal.web.tables import PlaceColumn
from portal.web.templatetags.portal_ui import badge


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
    order = tables.Column(verbose_name=_("Sort order"))
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
