"""Admin of the rules of clocks."""

from django.contrib import admin

from portal.audit.services import audit_record
from portal.deadlines.models import ClockRule
from portal.web.admin import ReferenceAdmin


@admin.register(ClockRule)
class ClockRuleAdmin(ReferenceAdmin):
    """How deadlines are counted; a clock without a row here is counted as its app declares."""

    list_display = ("code", "unit", "start_rule", "rolling", "source")
    search_fields = ("code", "source")
    ordering = ("code",)

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit_record(actor=request.user, action="clock-rule.save", about=obj, fields=form.changed_data)
