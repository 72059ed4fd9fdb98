"""Pages of the tree of organisations."""

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.selectors import history
from portal.core.choices import Area
from portal.organizations import forms, services
from portal.organizations.filters import OrganizationFilter
from portal.organizations.models import Organization
from portal.organizations.tables import OrganizationTable
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView, UpdateView

CHILDREN_SHOWN = 50


class OrganizationListView(CapabilityMixin, ListView):
    model = Organization
    area = Area.ORGANIZATIONS
    table_class = OrganizationTable
    filterset_class = OrganizationFilter
    title = _("Organisations")
    create_url_name = "organizations:organization-create"
    create_label = _("Add an organisation")
    import_register = "organizations.register"
    empty_title = _("No organisations here yet")
    empty_text = _("Import the register from Excel, or add organisations one by one.")


class OrganizationDetailView(DetailView):
    model = Organization
    template_name = "organizations/organization_detail.html"

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        organization = self.object
        actor = self.request.user
        line = Organization.objects.filter(pk__in=organization.ancestor_ids).order_by("path")
        seen = set(Organization.objects.visible_to(actor).filter(pk__in=line).values_list("pk", flat=True))
        below = Organization.objects.under(organization).exclude(pk=organization.pk).filter(closed_on=None)
        counts = below.aggregate(all=Count("pk"), units=Count("pk", filter=Q(kind="grassroots")))
        facts = [
            {"label": _("Kind"), "value": organization.get_kind_display()},
            {"label": _("Region"), "value": organization.region.name if organization.region else ""},
            {"label": _("Social credit code"), "value": organization.uscc},
            {"label": _("Form of employment"), "value": organization.get_employment_form_display()},
            {"label": _("Founded on"), "value": organization.founded_on},
            {"label": _("Closed on"), "value": organization.closed_on},
            {"label": _("Organisations below"), "value": counts["all"]},
            {"label": _("of them grassroots unions"), "value": counts["units"]},
        ]
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"] not in (None, "")],
            line=[{"row": row, "url": row.get_absolute_url() if row.pk in seen else ""} for row in line],
            children=organization.children.filter(closed_on=None).order_by("pinyin", "pk")[:CHILDREN_SHOWN],
            children_shown=CHILDREN_SHOWN,
            may_edit=actor.can(Area.ORGANIZATIONS, "edit", organization.path),
            entries=history(organization),
            **kwargs,
        )


class OrganizationCreateView(CreateView):
    model = Organization
    area = Area.ORGANIZATIONS
    form_class = forms.OrganizationCreateForm
    title = _("Add an organisation")
    submit_label = _("Add the organisation")
    success_message = _("The organisation is registered.")
    success_url = None

    def perform(self, form):
        return services.organization_create(actor=self.request.user, **form.cleaned_data)


class OrganizationUpdateView(UpdateView):
    model = Organization
    form_class = forms.OrganizationUpdateForm
    title = _("Edit an organisation")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")
    success_url = None

    def get_initial(self):
        row = self.object
        names = ("name", "short_name", "uscc", "employment_form", "founded_on", "version")
        return {**{name: getattr(row, name) for name in names}, "region": row.region_id}

    def perform(self, form):
        return services.organization_update(actor=self.request.user, organization=self.object, **form.cleaned_data)


class OrganizationCloseView(ActionView):
    model = Organization
    form_class = forms.CloseForm
    title = _("Close an organisation")
    action_label = _("Close the organisation")
    consequence = _("From this day it counts nowhere any more. Its history, its people's entries and its figures stay.")
    danger = True
    success_message = _("The organisation is closed.")
    success_url = None

    def get_initial(self):
        return {"on": timezone.localdate()}

    def perform(self, form):
        return services.organization_close(
            actor=self.request.user, organization=self.object, on=form.cleaned_data["on"]
        )
