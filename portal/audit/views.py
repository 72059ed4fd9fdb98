"""The audit page for audit administrators."""

from django.utils.translation import gettext_lazy as _

from portal.audit.filters import AuditEntryFilter
from portal.audit.models import AuditEntry
from portal.audit.selectors import people_of, places_of, sealing
from portal.audit.services import audit_read
from portal.audit.tables import AuditEntryTable
from portal.core.choices import Area
from portal.web.views import CapabilityMixin, ListView


class AuditEntryListView(CapabilityMixin, ListView):
    """List of who did what, when and to which row, never the content of the row.

    Each view of the list writes an audit entry itself.
    """

    model = AuditEntry
    area = Area.AUDIT
    table_class = AuditEntryTable
    filterset_class = AuditEntryFilter
    template_name = "audit/audit_entry_list.html"
    title = _("Audit")
    empty_title = _("No entries here")
    empty_text = _("Every change, step and view of masked data is recorded.")

    def can_create(self):
        return False

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        table = context["table"]
        shown = [row.record for row in table.page.object_list]
        audit_read(
            actor=self.request.user,
            filters=[name for name in self.filterset.form.changed_data if name in self.filterset.filters],
            rows=len(shown),
        )
        table.people, table.places = people_of(shown), places_of(shown)
        context["sealing"] = sealing()
        return context
