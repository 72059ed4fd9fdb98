"""Tables of events."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import MatchEvent
from portal.web.tables import PlaceColumn, StateColumn


class EventTable(tables.Table):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    organization = PlaceColumn(verbose_name=_("Organiser"))
    series = tables.Column(verbose_name=_("Series"), order_by=("series__name", "pk"))
    theme = tables.Column(verbose_name=_("Theme"), order_by=("theme__order", "pk"))
    starts_at = tables.DateTimeColumn(verbose_name=_("Begins"), format="Y-m-d H:i")
    mode = tables.Column(verbose_name=_("Mode"))
    target_group = tables.Column(verbose_name=_("Target group"))
    venue = tables.Column(verbose_name=_("Venue"), orderable=False)
    state = StateColumn()
    people = tables.Column(verbose_name=_("Confirmed"), orderable=False)
    pairs_made = tables.Column(verbose_name=_("Pairs"), orderable=False)

    class Meta:
        model = MatchEvent
        fields = (
            "title",
            "organization",
            "series",
            "theme",
            "starts_at",
            "mode",
            "target_group",
            "venue",
            "state",
            "people",
            "pairs_made",
        )
        order_by = ("-starts_at",)
