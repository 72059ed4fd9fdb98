"""Tables of partners of events."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventPartner
from portal.web.tables import StateColumn


class PartnerTable(tables.Table):
    """Events of other organisations that a union in the reader's reach holds together with them."""

    event = tables.Column(
        verbose_name=_("Event"),
        accessor="event__title",
        orderable=False,
        linkify=lambda record: reverse("matchmaking:partner-figures", args=[record.pk]),
    )
    lead = tables.Column(verbose_name=_("Organiser"), accessor="event__organization__label", orderable=False)
    organization = tables.Column(verbose_name=_("Union"), accessor="organization__label", orderable=False)
    starts_at = tables.DateTimeColumn(verbose_name=_("Begins"), accessor="event__starts_at", format="Y-m-d H:i")
    state = StateColumn(accessor="event__state", orderable=False)

    class Meta:
        model = EventPartner
        fields = ("event", "lead", "organization", "starts_at", "state")
        order_by = ("-starts_at",)
