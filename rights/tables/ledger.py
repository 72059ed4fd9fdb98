"""Tables of the ledger."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.web.tables import PlaceColumn
from rights.models import CaseLedgerEntry


class LedgerTable(tables.Table):
    organization = PlaceColumn(verbose_name=_("Union in charge"))

    class Meta:
        model = CaseLedgerEntry
        fields = ("on", "kind", "organization")
        order_by = ()
