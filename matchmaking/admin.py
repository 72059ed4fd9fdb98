"""Matchmaking in the admin: events are read here and changed on the desk."""

from django.contrib import admin

from matchmaking.models import MatchEvent
from portal.web.admin import ScopedAdmin


@admin.register(MatchEvent)
class MatchEventAdmin(ScopedAdmin):
    list_display = ("title", "organization", "state", "starts_at")
    list_filter = ("state",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("title", "organization", "state", "starts_at", "men_quota", "women_quota")
    readonly_fields = fields
