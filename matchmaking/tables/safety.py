"""Tables of blocks and reports."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.safety import ReportState
from matchmaking.models import AbuseReport
from portal.web.tables import StateColumn


class ReportTable(tables.Table):
    pk = tables.Column(verbose_name=_("Report"), linkify=True, orderable=False)
    kind = tables.Column(verbose_name=_("What happened"))
    state = StateColumn(waiting=(ReportState.OPEN,))
    due_on = tables.DateColumn(verbose_name=_("Due"), format="Y-m-d")
    handler = tables.Column(verbose_name=_("Handled by"), orderable=False)

    class Meta:
        model = AbuseReport
        fields = ("pk", "kind", "state", "due_on", "handler")
        order_by = ("due_on",)

    def render_handler(self, record):
        return record.handler.name
