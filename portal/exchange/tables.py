"""Tables of imports and exports."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.exchange.models import ExportRun, ImportRun
from portal.web.templatetags.portal_ui import badge, when

TONES = {
    "uploaded": "run",
    "importing": "run",
    "checked_clean": "wait",
    "checked_faulty": "bad",
    "unreadable": "bad",
    "imported": "good",
}


def run_badge(run):
    """Return the badge of a run's state."""
    return badge(run.state, run.get_state_display(), TONES.get(run.state, "quiet"))


class ImportRunTable(tables.Table):
    """The import history: list, organisation, time, uploader and result."""

    created_at = tables.Column(verbose_name=_("Uploaded at"))
    register = tables.Column(verbose_name=_("List"))
    organization = tables.Column(verbose_name=_("Organisation"), orderable=False)
    file = tables.Column(verbose_name=_("File"), orderable=False, accessor="file__name")
    uploaded_by = tables.Column(verbose_name=_("Uploaded by"), orderable=False)
    state = tables.Column(verbose_name=_("State"))
    rows = tables.Column(verbose_name=_("Rows"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    added = tables.Column(verbose_name=_("Added"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    class Meta:
        model = ImportRun
        fields = ("created_at", "register", "organization", "file", "uploaded_by", "state", "rows", "added")
        order_by = ("-created_at",)

    def render_created_at(self, value, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), when(value))

    def render_register(self, value, record):
        return record.declared.title if record.declared else value

    def render_uploaded_by(self, value):
        return value.name

    def render_state(self, record):
        return run_badge(record)


EXPORT_TONES = {"waiting": "wait", "queued": "run", "ready": "good", "failed": "bad", "declined": "bad"}


def export_badge(run):
    """Return the badge of an export's state."""
    return badge(run.state, run.get_state_display(), EXPORT_TONES.get(run.state, "quiet"))


class ExportRunTable(tables.Table):
    """Exports: list, requester, number of rows, state, and until when the file is kept."""

    created_at = tables.Column(verbose_name=_("Requested at"))
    title = tables.Column(verbose_name=_("List"), orderable=False)
    requested_by = tables.Column(verbose_name=_("Requested by"), orderable=False)
    rows = tables.Column(verbose_name=_("Rows"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    state = tables.Column(verbose_name=_("State"))
    expires_at = tables.Column(verbose_name=_("Kept until"))

    class Meta:
        model = ExportRun
        fields = ("created_at", "title", "requested_by", "rows", "state", "expires_at")
        order_by = ("-created_at",)

    def render_created_at(self, value, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), when(value))

    def render_requested_by(self, value):
        return value.name

    def render_state(self, record):
        return export_badge(record)

    def render_expires_at(self, value):
        return when(value)
