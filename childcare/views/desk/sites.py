"""Desk pages of care sites."""

from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.actions.sites import SITE
from childcare.filters.sites import SiteFilter
from childcare.forms import sites as forms
from childcare.models import CareSite
from childcare.services import sites as services
from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.organizations.records import Records


class SiteDetailView(RecordView):
    """A care site, with its safety papers, its staff and its class terms."""

    template_name = "childcare/site_detail.html"

    def get_context_data(self, **kwargs):
        staff = list(self.object.staff.current().select_related("member", "site__organization").order_by("role", "pk"))
        return super().get_context_data(
            confirms=[row for row in staff if rules.can_confirm_staff(self.request.user, row)],
            papers=self.object.papers.order_by("kind", "-valid_until", "pk"),
            staff=staff,
            terms=self.object.terms.order_by("-first_on", "-pk")[:20],
            changes=rules.can_change_site(self.request.user, self.object),
            **kwargs,
        )


class SitePages(Records):
    model = CareSite
    area = Area.CHILDCARE
    prefix = "site"
    path = "sites/"
    row_name = "site"
    title = _("Care sites")
    create = services.site_create
    create_form = forms.SiteForm
    create_label = _("Register a care site")
    update = services.site_update
    update_form = forms.SiteUpdateForm
    edit_rule = rules.can_change_site
    edit_label = _("Edit the care site")
    empty_title = _("No care sites here yet")
    empty_text = _("Register the places where holiday classes are held.")
    columns = ("name", "run_mode", "operator", "region", "organization", "state")
    facts = ("run_mode", "operator", "region", "address", "phone", "organization")
    filterset_class = SiteFilter
    actions = SITE
    detail_view = SiteDetailView
