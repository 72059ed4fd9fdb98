"""Admin pages of the audit for audit administrators: who did what, without the business content."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.audit.services import audit_read
from portal.web.admin import ScopedAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    list_display = ("at", "action", "actor_number", "clock", "about_model", "about_id", "from_state", "to_state")
    list_filter = ("at",)
    ordering = ("-id",)
    fields = (
        "at",
        "action",
        "actor_number",
        "clock",
        "about_model",
        "about_id",
        "from_state",
        "to_state",
        "fields",
        "organization_path",
    )
    readonly_fields = fields

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        audit_read(actor=request.user, filters=[], rows=0)
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        audit_read(actor=request.user, filters=["pk"], rows=1)
        return response

    @admin.display(description=_("Person"))
    def actor_number(self, entry):
        return entry.actor_id
