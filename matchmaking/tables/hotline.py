"""Tables of hotline tickets."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.hotline import OPEN_TICKETS
from matchmaking.models import HotlineTicket
from matchmaking.tables.weddings import due_words
from portal.web.tables import StateColumn


class TicketTable(tables.Table):
    state = StateColumn(waiting=OPEN_TICKETS)
    pk = tables.Column(verbose_name=_("Number"), linkify=True)
    subject = tables.Column(verbose_name=_("Subject"), orderable=False)
    kind = tables.Column(verbose_name=_("Ticket category"))
    organization = tables.Column(
        verbose_name=_("Responsible organisation"), accessor="organization__label", orderable=False
    )
    handler = tables.Column(verbose_name=_("Assigned to"), accessor="handler__name", orderable=False)
    due_on = tables.Column(verbose_name=_("Due"))

    class Meta:
        model = HotlineTicket
        fields = ("pk", "subject", "kind", "state", "due_on", "organization", "handler")
        order_by = ()

    def render_due_on(self, record):
        return due_words(record.due_on, is_open=record.state in OPEN_TICKETS)
