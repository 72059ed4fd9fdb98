"""Tables of venues."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import Venue
from matchmaking.tables.series import in_use
from portal.web.tables import PlaceColumn


class VenueTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"), linkify=True)
    kind = tables.Column(verbose_name=_("Kind"))
    region = tables.Column(verbose_name=_("Region"), order_by=("region_id", "pk"))
    capacity = tables.Column(verbose_name=_("Capacity"))
    held = tables.Column(verbose_name=_("Events"), orderable=False)
    organization = PlaceColumn(verbose_name=_("Entered by"))
    active = tables.Column(verbose_name=_("State"))

    class Meta:
        model = Venue
        fields = ("name", "kind", "region", "capacity", "held", "organization", "active")
        order_by = ("region", "name")

    def render_active(self, value):
        return in_use(value)
