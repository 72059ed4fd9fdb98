"""Matchmaking in the admin: rows are read here and changed on the desk; what people say is not shown."""

from django.contrib import admin

from matchmaking import services
from matchmaking.models import (
    EventSeries,
    EventTheme,
    FollowUp,
    GroupWedding,
    HobbyTag,
    HotlineTicket,
    MatchEvent,
    MediaRelease,
    Nomination,
    Pair,
    ScoreWeight,
    SingleProfile,
    Venue,
    Volunteer,
)
from portal.audit.services import audit_record
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
    """Themes: system administrators of the province keep them here, its cadres on their desk."""

    list_display = ("name", "mode", "order", "active")
    list_filter = ("active",)
    fields = ("name", "summary", "mode", "order", "active")
    ordering = ("order", "pk")

    def has_add_permission(self, request):
        return self.keeps_common(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def save_model(self, request, obj, form, change):
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            services.theme_update(actor=request.user, theme=obj, **fields)
        else:
            obj.pk = services.theme_create(actor=request.user, **form.cleaned_data).pk


@admin.register(Pair)
class PairAdmin(ScopedAdmin):
    """Pairs by number; what one of the two says stands in no column."""

    list_display = ("pk", "event", "state", "held_on")
    list_filter = ("state",)
    list_select_related = ("event",)
    ordering = ("-pk",)
    fields = ("event", "state", "held_on", "registered_on", "ended_on")
    readonly_fields = fields


@admin.register(FollowUp)
class FollowUpAdmin(ScopedAdmin):
    list_display = ("pk", "kind", "due_on", "state")
    list_filter = ("state", "kind")
    ordering = ("-pk",)
    fields = ("pair", "kind", "due_on", "state", "done_on")
    readonly_fields = fields


@admin.register(GroupWedding)
class GroupWeddingAdmin(ScopedAdmin):
    list_display = ("title", "organization", "on", "state")
    list_filter = ("state",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("title", "organization", "on", "place", "couples_most", "closes_at", "state")
    readonly_fields = fields


@admin.register(Nomination)
class NominationAdmin(ScopedAdmin):
    list_display = ("pk", "organization", "medium", "state")
    list_filter = ("state", "medium")
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("organization", "medium", "programme", "state", "settled_on")
    readonly_fields = fields


@admin.register(MediaRelease)
class MediaReleaseAdmin(ScopedAdmin):
    list_display = ("title", "organization", "medium", "published_on")
    list_filter = ("medium",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("title", "organization", "medium", "outlet", "published_on", "event", "url")
    readonly_fields = fields


@admin.register(HotlineTicket)
class HotlineTicketAdmin(ScopedAdmin):
    list_display = ("pk", "organization", "kind", "state", "due_on")
    list_filter = ("state", "kind")
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("organization", "kind", "state", "due_on", "answered_at", "closed_at")
    readonly_fields = fields


class KeptHereAdmin(ReferenceAdmin):
    """Reference data, the same for all, that system administrators of the province edit."""

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        data = {"key": str(obj.pk)}
        about = obj if isinstance(obj.pk, int) else None
        audit_record(actor=request.user, action=f"{self.code}.save", about=about, fields=form.changed_data, data=data)


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


@admin.register(Volunteer)
class VolunteerAdmin(ScopedAdmin):
    """Who helps where; whom they look after, introductions and words are not in the admin at all."""

    list_display = ("pk", "organization", "state", "valid_from", "trained_on", "most")
    list_filter = ("state",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = ("organization", "state", "valid_from", "valid_until", "pledged_at", "trained_on", "most")
    readonly_fields = fields
