"""Tables of nursing rooms."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import NursingRoom
from portal.web.tables import PlaceColumn, StateColumn


class RoomTable(tables.Table):
    state = StateColumn()
    name = tables.Column(linkify=True)
    organization = PlaceColumn(verbose_name=_("Managed by"))
    region = tables.Column(orderable=False)

    class Meta:
        model = NursingRoom
        fields = ("name", "room_type", "is_public", "host", "region", "state", "organization")
        order_by = ()
