"""Tables of cases."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.web.tables import PlaceColumn, StateColumn
from rights.choices.cases import CaseState
from rights.models import RightsCase


class CaseTable(tables.Table):
    state = StateColumn(waiting=(CaseState.SUBMITTED, CaseState.CLOSING))
    pk = tables.Column(verbose_name=_("Number"), linkify=True)
    category = tables.Column()
    region = tables.Column(orderable=False)
    organization = PlaceColumn(verbose_name=_("Union in charge"))
    submitted_at = tables.Column()

    class Meta:
        model = RightsCase
        fields = ("pk", "category", "state", "submitted_at", "region", "organization")
        order_by = ()

    def render_pk(self, record):
        return record.number or _("Request no. %(number)s") % {"number": record.pk}
