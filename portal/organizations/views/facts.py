"""Dated facts of an organisation, and employers."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.organizations import forms
from portal.organizations.filters import EmployerFilter
from portal.organizations.models import Employer, Organization
from portal.organizations.services.facts import (
    COUNTS,
    committee_end,
    committee_record,
    employer_create,
    employer_update,
    head_count_record,
)
from portal.organizations.tables import EmployerTable
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView, UpdateView


class CommitteeRecordView(UpdateView):
    model = Organization
    form_class = forms.CommitteeForm
    title = _("Record a term of the women's committee")
    submit_label = _("Record the term")
    success_message = _("The term is on record. The one before it ended on that day.")

    row_name = "organization"
    service = committee_record

    def get_initial(self):
        last = self.object.committees.order_by("-term_from").first()
        names = ("kind", "founded_on", "term_years", "chair_post")
        kept = {name: getattr(last, name) for name in names} if last else {"kind": "committee", "term_years": 5}
        return {**kept, "term_from": timezone.localdate()}


class CommitteeEndView(ActionView):
    model = Organization
    form_class = forms.DayForm
    title = _("End the women's committee")
    action_label = _("End the committee")
    consequence = _("From this day the organisation counts as one without a committee. The terms so far stay.")
    danger = True
    success_message = _("The committee has ended.")

    row_name = "organization"
    service = committee_end

    def get_initial(self):
        return {"on": timezone.localdate()}


class CountRecordView(UpdateView):
    model = Organization
    form_class = forms.HeadCountForm
    title = _("Record head counts")
    submit_label = _("Record the counts")
    success_message = _("The counts are on record.")

    row_name = "organization"
    service = head_count_record

    def get_initial(self):
        last = self.object.head_counts.order_by("-on").first()
        kept = {name: getattr(last, name) for name in COUNTS} if last else {}
        return {**kept, "on": timezone.localdate()}


class EmployerListView(CapabilityMixin, ListView):
    model = Employer
    area = Area.ORGANIZATIONS
    table_class = EmployerTable
    filterset_class = EmployerFilter
    title = _("Employers")
    narrowed = False
    create_url_name = "organizations:employer-create"
    create_label = _("Register an employer")
    import_register = "organizations.employers"
    export_columns = (
        (_("Name"), "name"),
        (_("Social credit code"), "uscc"),
        (_("Region code"), "region_id"),
        (_("Region"), "region__name"),
        (_("Registered by"), "organization__name"),
    )
    empty_title = _("No employers here yet")
    empty_text = _("Register one with its social credit code or import a list, and name it at its organisations.")


class EmployerDetailView(DetailView):
    model = Employer
    template_name = "organizations/employer_detail.html"

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        employer, actor = self.object, self.request.user
        units = Organization.objects.visible_to(actor).filter(employer=employer).order_by("path")
        facts = [
            {"label": _("Social credit code"), "value": employer.uscc},
            {"label": _("Region"), "value": employer.region.name if employer.region else ""},
            {"label": _("Registered by"), "value": employer.organization.name},
        ]
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"]],
            units=units[:100],
            may_edit=actor.can(Area.ORGANIZATIONS, Capability.EDIT, employer.organization.path),
            **kwargs,
        )


class EmployerCreateView(CreateView):
    model = Employer
    area = Area.ORGANIZATIONS
    form_class = forms.EmployerCreateForm
    title = _("Register an employer")
    submit_label = _("Register the employer")
    success_message = _("The employer is registered.")

    service = employer_create


class EmployerUpdateView(UpdateView):
    model = Employer
    form_class = forms.EmployerUpdateForm
    title = _("Edit an employer")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "employer"
    service = employer_update

    def get_initial(self):
        row = self.object
        return {"name": row.name, "uscc": row.uscc, "region": row.region_id, "version": row.version}
