"""The audit as a table: who did what to which row, without the content of the row."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.audit.wording import action_words, field_words, kind_words, model_of, rule_words, state_words
from portal.core.text import listed


class AuditEntryTable(tables.Table):
    """Table of audit entries.

    Names of people and organisations are looked up once per page; the view passes them as ``people`` and ``places``.
    """

    people = {}
    places = {}

    at = tables.DateTimeColumn(verbose_name=_("Time"), format="Y-m-d H:i:s", order_by=("pk",))
    actor = tables.Column(verbose_name=_("Person"), accessor="actor_id", orderable=False, empty_values=())
    action = tables.Column(verbose_name=_("Item"), orderable=False)
    about = tables.Column(verbose_name=_("Reported person"), accessor="about_id", orderable=False, empty_values=())
    details = tables.Column(verbose_name=_("Fields or step"), accessor="fields", orderable=False, empty_values=())
    place = tables.Column(verbose_name=_("Organisation"), accessor="organization_path", orderable=False)

    class Meta:
        model = AuditEntry
        fields = ("at", "actor", "action", "about", "details", "place")
        order_by = ("-at",)

    def render_actor(self, record):
        if record.clock:
            return format_html('{} <span class="quiet">{}</span>', rule_words(record.clock), record.clock)
        if record.actor_id is None:
            return "–"
        name = self.people.get(record.actor_id, _("Member"))
        return format_html('<a href="?actor={0}">{1}</a> <span class="quiet">{0}</span>', record.actor_id, name)

    def render_action(self, record):
        return action_words(record)

    def render_about(self, record):
        if not record.about_model:
            return "–"
        return format_html("{} {}", kind_words(record.about_model), record.about_id)

    def render_details(self, record):
        model = model_of(record.about_model)
        if record.to_state:
            steps = [state_words(model, state) for state in (record.from_state, record.to_state) if state]
            return " → ".join(str(step) for step in steps)
        return listed(field_words(model, record.fields)) or "–"

    def render_place(self, value):
        return self.places.get(value, "–")
