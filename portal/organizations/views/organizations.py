"""Pages of organisations: list, detail, create, edit, close."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.organizations import forms
from portal.organizations.filters import OrganizationFilter
from portal.organizations.models import Organization
from portal.organizations.services.organizations import (
    EPOCH,
    organization_close,
    organization_create,
    organization_update,
)
from portal.organizations.tables import OrganizationTable
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView, UpdateView

CHILDREN_SHOWN = 50
FACTS_SHOWN = 12


class OrganizationListView(CapabilityMixin, ListView):
    model = Organization
    area = Area.ORGANIZATIONS
    table_class = OrganizationTable
    filterset_class = OrganizationFilter
    title = _("Organisations")
    create_url_name = "organizations:organization-create"
    create_label = _("Add an organisation")
    import_register = "organizations.register"
    page_key = ("pinyin", "pk")
    export_columns = (
        (_("Name"), "name"),
        (_("Short name"), "short_name"),
        (_("Kind"), "get_kind_display"),
        (_("Parent organisation"), "parent__name"),
        (_("Region code"), "region_id"),
        (_("Region"), "region__name"),
        (_("Social credit code"), "uscc"),
        (_("Form of employment"), "get_employment_form_display"),
        (_("Founded on"), "founded_on"),
        (_("Closed on"), "closed_on"),
    )
    empty_title = _("No organisations here yet")
    empty_text = _("Import the register from Excel, or add organisations one by one.")


def _ids(path):
    """Return the ids in a path, from the root down."""
    return [int(pk) for pk in path.strip("/").split("/")]


class OrganizationDetailView(DetailView):
    model = Organization
    template_name = "organizations/organization_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("employer")

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        organization = self.object
        actor = self.request.user
        lines = list(organization.lines.order_by("-valid_from")[:FACTS_SHOWN])
        above = {pk for row in lines for pk in _ids(row.path)[:-1]} | set(organization.ancestor_ids)
        named = Organization.objects.in_bulk(above)
        line = [named[pk] for pk in organization.ancestor_ids]
        reach = tuple(actor.reach(Area.ORGANIZATIONS, Capability.VIEW))
        committees = list(organization.committees.select_related("chair").order_by("-term_from")[:FACTS_SHOWN])
        below = Organization.objects.under(organization).exclude(pk=organization.pk).filter(closed_on=None)
        counts = below.aggregate(all=Count("pk"), units=Count("pk", filter=Q(kind="grassroots")))
        facts = [
            {"label": _("Kind"), "value": organization.get_kind_display()},
            {"label": _("Region"), "value": organization.region.name if organization.region else ""},
            {"label": _("Social credit code"), "value": organization.uscc},
            {"label": _("Form of employment"), "value": organization.get_employment_form_display()},
            {"label": _("Industry"), "value": organization.get_industry_display()},
            {"label": _("Ownership"), "value": organization.get_ownership_display()},
            {
                "label": _("Employer"),
                "value": organization.employer.name if organization.employer else "",
                "url": organization.employer.get_absolute_url() if organization.employer else "",
            },
            {"label": _("Founded on"), "value": organization.founded_on},
            {"label": _("Closed on"), "value": organization.closed_on},
            {"label": _("Organisations below"), "value": counts["all"]},
            {"label": _("of which grassroots unions"), "value": counts["units"]},
        ]
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"] not in (None, "")],
            line=[{"row": row, "url": row.get_absolute_url() if row.path.startswith(reach) else ""} for row in line],
            children=list(organization.children.filter(closed_on=None).order_by("pinyin", "pk")[:CHILDREN_SHOWN]),
            children_shown=CHILDREN_SHOWN,
            committees=committees,
            head_counts=list(organization.head_counts.order_by("-on")[:FACTS_SHOWN]),
            lines=self.line_history(lines, named),
            menu=self.actions(organization, committees)
            if actor.can(Area.ORGANIZATIONS, "edit", organization.path)
            else [],
            entries=history(organization),
            **kwargs,
        )

    @staticmethod
    def line_history(lines, named):
        """Return the positions of the organisation with their dates, the newest first.

        A gap is a time in which the organisation was closed.
        """
        return [
            {
                "line": line,
                "above": " › ".join(named[pk].label if pk in named else "?" for pk in _ids(line.path)[:-1]),
                "open": line.valid_from == EPOCH,
            }
            for line in lines
        ]

    @staticmethod
    def actions(organization, committees):
        """Return the actions possible on the organisation, for the menu of the page."""

        def action(name, label, icon, danger=False):
            url = reverse(f"organizations:{name}", args=[organization.pk])
            return {"url": url, "label": label, "icon": icon, "danger": danger}

        if organization.closed_on:
            return [
                action("organization-update", _("Edit"), "edit"),
                action("organization-reopen", _("Reopen"), "refresh"),
            ]
        found = [
            action("organization-update", _("Edit"), "edit"),
            action("committee-record", _("Record a term of the women's committee"), "users-group"),
            action("count-record", _("Record head counts"), "hash"),
        ]
        if any(row.ended_on is None for row in committees):
            found.append(action("committee-end", _("End the women's committee"), "users-minus"))
        if organization.parent_id:
            found += [
                action("organization-move", _("Move to another parent organisation"), "arrow-forward-up"),
                action("organization-merge", _("Merge into another organisation"), "arrows-exchange"),
            ]
        return [*found, action("organization-close", _("Close the organisation"), "x", danger=True)]


class OrganizationCreateView(CreateView):
    model = Organization
    area = Area.ORGANIZATIONS
    form_class = forms.OrganizationCreateForm
    title = _("Add an organisation")
    submit_label = _("Add the organisation")
    success_message = _("The organisation is registered.")

    service = organization_create


class OrganizationUpdateView(UpdateView):
    model = Organization
    form_class = forms.OrganizationUpdateForm
    title = _("Edit an organisation")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "organization"
    service = organization_update

    def get_initial(self):
        row = self.object
        names = ("name", "short_name", "uscc", "employment_form", "industry", "ownership", "founded_on", "version")
        return {
            **{name: getattr(row, name) for name in names},
            "region": row.region_id,
            "employer": row.employer.uscc if row.employer else "",
        }


class OrganizationCloseView(ActionView):
    model = Organization
    form_class = forms.CloseForm
    title = _("Close an organisation")
    action_label = _("Close the organisation")
    consequence = _(
        "From this day on, it is no longer counted anywhere. Its history, the entries of "
        "its people and its figures are kept."
    )
    danger = True
    success_message = _("The organisation is closed.")

    row_name = "organization"
    service = organization_close

    def get_initial(self):
        return {"on": timezone.localdate()}
