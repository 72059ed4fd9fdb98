"""Desk pages of class terms."""

from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.actions.terms import TERM
from childcare.choices.terms import CHANGING, Course
from childcare.filters.terms import TermFilter
from childcare.forms import terms as forms
from childcare.models import ClassTerm
from childcare.selectors.days import count_today
from childcare.selectors.enrolments import places_said
from childcare.services import terms as services
from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.organizations.records import Records


class TermDetailView(RecordView):
    """A class term, with its places and what the safety gate lacks; no names of children."""

    template_name = "childcare/term_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            places=places_said(self.object),
            lacking=self.object.gaps() if self.object.state in CHANGING else [],
            today=count_today(self.object),
            courses=[Course(value).label for value in self.object.courses],
            **kwargs,
        )


class TermPages(Records):
    model = ClassTerm
    area = Area.CHILDCARE
    prefix = "term"
    path = "terms/"
    row_name = "term"
    title = _("Class terms")
    create = services.term_create
    create_form = forms.TermForm
    create_label = _("Plan a class term")
    update = services.term_update
    update_form = forms.TermUpdateForm
    edit_rule = rules.can_change_term
    edit_label = _("Edit the class term")
    empty_title = _("No class terms here yet")
    empty_text = _("Register a care site, then plan a class there.")
    columns = ("title", "site", "first_on", "last_on", "places_total", "state")
    facts = (
        "site",
        "first_on",
        "last_on",
        "starts",
        "ends",
        "age_from",
        "age_to",
        "reference_on",
        "places_total",
        "reserved",
        "reserved_reason",
        "fee",
        "enrol_from",
        "enrol_until",
        "reason",
    )
    prose = "summary"
    filterset_class = TermFilter
    actions = TERM
    detail_view = TermDetailView
