"""The audit for audit administrators: who did what, without the business content."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
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

    @admin.display(description=_("Person"))
    def actor_number(self, entry):
        return entry.actor_id
