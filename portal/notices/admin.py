"""Notices in the admin: read here, written on the desk."""

from django.contrib import admin

from portal.notices.models import Notice
from portal.web.admin import ScopedAdmin


@admin.register(Notice)
class NoticeAdmin(ScopedAdmin):
    list_display = ("title", "organization", "target", "audience", "state", "published_at")
    list_filter = ("state", "audience")
    list_select_related = ("organization", "target")
    ordering = ("-pk",)
    fields = ("title", "body", "organization", "target", "audience", "state", "publish_from", "publish_until")
    readonly_fields = fields
