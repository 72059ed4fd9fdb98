"""Matchmaking in the admin: events are read here and changed on the desk."""

from django.contrib import admin

from matchmaking import services
from matchmaking.models import EventSeries, EventTheme, MatchEvent, Venue
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


@admin.register(EventSeries)
class EventSeriesAdmin(ScopedAdmin):
    list_display = ("name", "organization", "active")
    list_filter = ("active",)
    list_select_related = ("organization",)
    ordering = ("name", "pk")


@admin.register(Venue)
class VenueAdmin(ScopedAdmin):
    list_display = ("name", "kind", "region", "capacity", "active")
    list_filter = ("kind", "active")
    list_select_related = ("region",)
    ordering = ("region_id", "name", "pk")


@admin.register(EventTheme)
class EventThemeAdmin(ReferenceAdmin):
    """Themes: system administrators keep them here, the province on its desk."""

    list_display = ("name", "mode", "order", "active")
    list_filter = ("active",)
    fields = ("name", "summary", "mode", "order", "active")
    ordering = ("order", "pk")

    def has_add_permission(self, request):
        return bool(request.user.reach(Area.SYSTEM, Capability.EDIT))

    def has_change_permission(self, request, obj=None):
        return bool(request.user.reach(Area.SYSTEM, Capability.EDIT))

    def save_model(self, request, obj, form, change):
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            services.theme_update(actor=request.user, theme=obj, **fields)
        else:
            obj.pk = services.theme_create(actor=request.user, **form.cleaned_data).pk
