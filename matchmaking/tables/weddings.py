"""Tables of group weddings."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from matchmaking.models import GroupWedding
from portal.web.tables import StateColumn
from portal.web.templatetags.portal_ui import due_tone, when


def due_words(day, *, is_open):
    """Return a due day, marked by urgency while the row is open and plain afterwards."""
    if not is_open:
        return when(day)
    tone = due_tone(day)
    words = _("overdue") if tone == "over" else ""
    return format_html('<span class="due due-{}">{} {}</span>', tone, words, when(day))


class StateTable(tables.Table):
    state = StateColumn()


class WeddingTable(StateTable):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    organization = tables.Column(verbose_name=_("Organiser"), accessor="organization__label", orderable=False)
    on = tables.DateColumn(verbose_name=_("Day"), format="Y-m-d")
    accepted = tables.Column(verbose_name=_("Confirmed couples"), orderable=False)
    waiting = tables.Column(verbose_name=_("Pending couples"), orderable=False)

    class Meta:
        model = GroupWedding
        fields = ("title", "organization", "on", "state", "accepted", "waiting")
        order_by = ("-on",)

    def render_accepted(self, record):
        return f"{record.accepted} / {record.couples_most}"
