"""The board of deadlines."""

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import WorkingCalendar
from portal.deadlines.choices import OPEN_DEADLINES, DeadlineState
from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline
from portal.deadlines.selectors import source_of
from portal.web.tables import StateColumn
from portal.web.templatetags.portal_ui import due


class DeadlineTable(tables.Table):
    """Deadlines by their last day; ``subjects`` and ``calendar`` are set by the page."""

    subjects = {}
    calendar = WorkingCalendar()

    due_on = tables.Column(verbose_name=_("Due on"))
    about = tables.Column(verbose_name=_("Concerns"), empty_values=(), orderable=False)
    organization = tables.Column(
        verbose_name=_("Responsible organisation"), accessor="organization__label", orderable=False
    )
    state = StateColumn(waiting=(DeadlineState.LATE,))
    started_on = tables.DateColumn(verbose_name=_("Started on"), format="Y-m-d")
    source = tables.Column(verbose_name=_("Source"), empty_values=(), orderable=False)

    class Meta:
        model = Deadline
        fields = ("due_on", "about", "organization", "state", "started_on", "source")
        order_by = ("due_on", "pk")

    def render_organization(self, value, record):
        if record.passed_to is None:
            return value
        return _g("%(place)s, passed to %(above)s") % {"place": value, "above": record.passed_to.label}

    def render_due_on(self, value, record):
        if record.state not in OPEN_DEADLINES:
            return value.isoformat()
        return due(self.calendar.term(value, timezone.localdate()))

    def render_about(self, record):
        clock, about = clocks().get(record.code), self.subjects.get(record.pk)
        words = f"{clock.name if clock else record.code} {record.about_id}"
        return format_html('<a href="{}">{}</a>', about.get_absolute_url(), words) if about else words

    def render_source(self, record):
        moved = _g("the last day moved from %(day)s") % {"day": record.unmoved_on.isoformat()} if record.moved else ""
        return " · ".join(filter(None, (source_of(record), moved)))
