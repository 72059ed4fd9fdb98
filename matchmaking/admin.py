"""Matchmaking in the admin: events and profiles are read here, hobbies and weights are kept here."""

from django.contrib import admin

from matchmaking.models import HobbyTag, MatchEvent, ScoreWeight, SingleProfile
from portal.audit.services import audit_record
from portal.core.choices import Area, Capability
from portal.web.admin import ReferenceAdmin, ScopedAdmin


@admin.register(MatchEvent)
class MatchEventAdmin(ScopedAdmin):
    list_display = ("title", "organization", "state", "starts_at")
    list_filter = ("state",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("title", "organization", "state", "starts_at", "men_quota", "women_quota")
    readonly_fields = fields


class KeptHereAdmin(ReferenceAdmin):
    """Reference data that system administrators edit."""

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return bool(request.user.reach(Area.SYSTEM, Capability.EDIT))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        data = {"key": str(obj.pk)}
        audit_record(actor=request.user, action=f"{self.code}.save", fields=form.changed_data, data=data)


@admin.register(HobbyTag)
class HobbyTagAdmin(KeptHereAdmin):
    code = "hobby"
    list_display = ("name", "order", "active")
    ordering = ("order", "pk")


@admin.register(ScoreWeight)
class ScoreWeightAdmin(KeptHereAdmin):
    """How much each thing counts; the keys are those of the calculation and are loaded, not typed."""

    code = "weight"
    list_display = ("key", "weight")
    ordering = ("key",)
    readonly_fields = ("key",)

    def has_add_permission(self, request):
        return False


@admin.register(SingleProfile)
class SingleProfileAdmin(ScopedAdmin):
    """States and days, no words, wishes or photos; who hides from the reader's places is not there."""

    list_display = ("id", "state", "verified_until", "held")
    list_filter = ("state",)
    ordering = ("-pk",)
    fields = ("state", "submitted_at", "vetted_at", "verified_until", "held")
    readonly_fields = fields
