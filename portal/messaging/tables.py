"""The table of given-up messages; it shows neither their text nor numbers."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.messaging.models import Message
from portal.web.templatetags.portal_ui import when


class DeadMessageTable(tables.Table):
    pk = tables.Column(verbose_name=gettext_lazy("Message"), order_by=("pk",))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    channel = tables.Column(verbose_name=gettext_lazy("Channel"))
    created_at = tables.Column(verbose_name=gettext_lazy("Created at"))
    attempts = tables.Column(verbose_name=gettext_lazy("Attempts"))
    error = tables.Column(verbose_name=gettext_lazy("Error"))
    again = tables.Column(verbose_name=gettext_lazy("Send once more"), accessor="pk", orderable=False)

    class Meta:
        model = Message
        fields = ("pk", "kind", "channel", "created_at", "attempts", "error", "again")
        order_by = ("-pk",)

    def render_created_at(self, value):
        return when(value)

    def render_again(self, value):
        return format_html(
            '<button class="btn btn-quiet" form="bulk" name="one" value="{}">{}</button>', value, _("Send again")
        )
