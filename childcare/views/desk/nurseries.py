"""Desk pages of nurseries."""

from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.actions.nurseries import NURSERY
from childcare.filters.nurseries import NurseryFilter
from childcare.forms import nurseries as forms
from childcare.models import Nursery
from childcare.selectors.nurseries import nursery_gaps
from childcare.services import nurseries as services
from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.organizations.records import Records


class NurseryDetailView(RecordView):
    """A nursery, with its places by age band and what it lacks."""

    template_name = "childcare/nursery_detail.html"

    def get_context_data(self, **kwargs):
        bands = list(self.object.bands.order_by("pk"))
        return super().get_context_data(bands=bands, lacking=nursery_gaps(self.object, bands), **kwargs)


class NurseryPages(Records):
    model = Nursery
    area = Area.CHILDCARE
    prefix = "nursery"
    path = "nurseries/"
    row_name = "nursery"
    title = _("Nurseries")
    create = services.nursery_create
    create_form = forms.NurseryForm
    create_label = _("Register a nursery")
    update = services.nursery_update
    update_form = forms.NurseryUpdateForm
    edit_rule = rules.can_edit_nursery
    edit_label = _("Edit the nursery")
    empty_title = _("No nurseries here yet")
    empty_text = _("Register the nurseries that employers run for children under three.")
    columns = ("name", "employer", "mode", "region", "organization", "opened_on")
    facts = (
        "employer",
        "mode",
        "region",
        "address",
        "phone",
        "organization",
        "filing_number",
        "opened_on",
        "closed_on",
        "fee",
        "awards",
    )
    filterset_class = NurseryFilter
    actions = NURSERY
    detail_view = NurseryDetailView
