"""Member pages of demands for events."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.forms.demands import DemandForm
from matchmaking.models import EventDemand
from matchmaking.services.demands import demand_create, demand_withdraw
from portal.web.own import OwnActionView
from portal.web.views import FormPageView


class DemandMineView(FormPageView):
    """The member's own demands, with a form to add one."""

    shell = "member"
    template_name = "matchmaking/demand_mine.html"
    form_class = DemandForm
    title = _("Request an event")
    success_message = _("Thank you. You will be told when such an event is published.")

    def get_context_data(self, **kwargs):
        mine = EventDemand.objects.own(self.request.user).filter(on_behalf_of_unit=False).for_list()
        return super().get_context_data(
            mine=mine.order_by("-pk")[:20], asks=self.request.user.organization_id is not None, **kwargs
        )

    def perform(self, form):
        if self.request.user.organization_id is None:
            raise Http404
        demand_create(
            actor=self.request.user,
            organization=self.request.user.organization,
            for_unit=False,
            **form.cleaned_data,
        )

    def next_url(self, result):
        return reverse("matchmaking:demand-mine")


class DemandWithdrawView(OwnActionView):
    """Withdraw one's own demand."""

    model = EventDemand
    row_name = "demand"
    service = demand_withdraw
    title = _("Withdraw the demand")
    consequence = _("No event will be planned for this demand any more.")
    success_message = _("Withdrawn.")

    @property
    def shell(self):
        return "desk" if self.object.on_behalf_of_unit else "member"

    def next_url(self, result):
        name = "list" if self.object.on_behalf_of_unit else "mine"
        return reverse(f"matchmaking:demand-{name}")
