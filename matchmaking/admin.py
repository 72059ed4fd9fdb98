"""Matchmaking in the admin: events are read here and changed on the desk."""

from django.contrib import admin

from matchmaking.models import MatchEvent, Volunteer
from portal.web.admin import ScopedAdmin


@admin.register(MatchEvent)
class MatchEventAdmin(ScopedAdmin):
    list_display = ("title", "organization", "state", "starts_at")
    list_filter = ("state",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("title", "organization", "state", "starts_at", "men_quota", "women_quota")
    readonly_fields = fields


@admin.register(Volunteer)
class VolunteerAdmin(ScopedAdmin):
    """Who helps where; whom they look after, introductions and words are not in the admin at all."""

    list_display = ("pk", "organization", "state", "valid_from", "trained_on", "most")
    list_filter = ("state",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("organization", "state", "valid_from", "valid_until", "pledged_at", "trained_on", "most")
    readonly_fields = fields
