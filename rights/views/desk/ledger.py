"""The ledger of cases that the statistics count."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.web.views import CapabilityMixin, ListView
from rights.filters.ledger import LedgerFilter
from rights.models import CaseLedgerEntry
from rights.tables.ledger import LedgerTable


class LedgerListView(CapabilityMixin, ListView):
    """What unions received, accepted and closed in months that are over, by day; no row leads to a case."""

    model = CaseLedgerEntry
    area = Area.RIGHTS
    capability = Capability.VIEW
    table_class = LedgerTable
    filterset_class = LedgerFilter
    title = _("Ledger of cases")
    empty_title = _("Nothing is recorded yet")
    empty_text = _(
        "An entry is written when a request arrives, is accepted or closed, and shown once its month is over. It names "
        "nobody."
    )

    def can_create(self):
        return False
