"""Pages of employers."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.organizations import forms
from portal.organizations.filters import EmployerFilter
from portal.organizations.models import Employer, Organization
from portal.organizations.services.employers import employer_create, employer_update
from portal.organizations.tables import EmployerTable
from portal.web.views import CapabilityMixin, CreateView, DetailView, ListView, UpdateView


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
    empty_text = _(
        "Register an employer with its social credit code or import a list, then link it to its organisations."
    )


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
