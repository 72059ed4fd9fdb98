"""Tables of reports from the door."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.reports import ReportState
from nursing_rooms.models import RoomReport
from portal.web.tables import PlaceColumn, StateColumn


class ReportTable(tables.Table):
    state = StateColumn(waiting=(ReportState.OPEN,))
    trouble = tables.Column(linkify=True)
    room = tables.Column(orderable=False)
    organization = PlaceColumn(verbose_name=_("Responsible"))

    class Meta:
        model = RoomReport
        fields = ("trouble", "room", "state", "due_on", "taps", "first_on", "organization")
        order_by = ()
