"""Desk pages of safety incidents."""

from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.actions.incidents import INCIDENT
from childcare.filters.incidents import IncidentFilter
from childcare.models import Incident
from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.organizations.records import Records


class IncidentDetailView(RecordView):
    """The report of an incident, with what was added; which child it was, only the teachers see."""

    template_name = "childcare/incident_detail.html"

    def get_context_data(self, **kwargs):
        notes = self.object.notes.select_related("written_by").order_by("pk")
        return super().get_context_data(notes=notes, **kwargs)


class IncidentPages(Records):
    model = Incident
    area = Area.CHILDCARE
    prefix = "incident"
    path = "incidents/"
    row_name = "incident"
    title = _("Safety incidents")
    edit_rule = rules.can_add_to_incident
    empty_title = _("No incident here")
    empty_text = _("Teachers report incidents on the list of the day.")
    columns = ("happened_at", "kind", "term", "state")
    facts = ("term", "happened_at", "due_at", "noted_at", "noted_by")
    filterset_class = IncidentFilter
    actions = INCIDENT
    detail_view = IncidentDetailView
