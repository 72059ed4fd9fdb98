"""Messages, jobs and reminders in the admin: what waits and what was given up."""

from django.contrib import admin

from portal.messaging.models import Job, Message, Reminder
from portal.web.admin import ReferenceAdmin


class OutboxAdmin(ReferenceAdmin):
    """Open to people who may view the system area; the text of a message is not shown."""

    def has_view_permission(self, request, obj=None):
        return bool(request.user.reach("system", "view"))


@admin.register(Message)
class MessageAdmin(OutboxAdmin):
    list_display = ("id", "kind", "channel", "state", "attempts", "due_at", "delivered_at", "error")
    list_filter = ("channel", "state")
    ordering = ("-id",)
    fields = ("kind", "channel", "state", "attempts", "due_at", "delivered_at", "error", "key")
    readonly_fields = fields


@admin.register(Job)
class JobAdmin(OutboxAdmin):
    list_display = ("id", "kind", "state", "attempts", "created_at", "finished_at", "error")
    list_filter = ("state", "kind")
    ordering = ("-id",)
    fields = ("kind", "state", "attempts", "done", "total", "created_at", "finished_at", "error")
    readonly_fields = fields


@admin.register(Reminder)
class ReminderAdmin(OutboxAdmin):
    """The ledger of reminders: rules, days and states; the recipients are not shown."""

    list_display = ("id", "rule", "due_on", "channel", "state", "created_at")
    list_filter = ("channel", "state")
    ordering = ("-id",)
    fields = ("rule", "due_on", "channel", "state", "created_at")
    readonly_fields = fields
