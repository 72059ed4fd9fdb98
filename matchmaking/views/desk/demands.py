"""Desk pages of demands for events."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.demands import DemandState
from matchmaking.filters.demands import DemandFilter
from matchmaking.forms.demands import AnswerForm, DemandMergeForm, UnitDemandForm
from matchmaking.models import EventDemand
from matchmaking.selectors.demands import demand_themes, demands_met
from matchmaking.services.changing import demands_merge
from matchmaking.services.demands import demand_create, demand_decline, demand_reopen, demands_attach
from matchmaking.tables.demands import DemandTable
from portal.core.choices import Area, Capability
from portal.core.text import whole_number
from portal.web.lists import MOST_AT_ONCE, Bulk
from portal.web.views import (
    ActionView,
    BulkListView,
    CapabilityMixin,
    CreateView,
    DetailView,
    FormPageView,
    OwnPlaceMixin,
)


class DemandListView(CapabilityMixin, BulkListView):
    """Demands by theme; selected demands become one event."""

    model = EventDemand
    area = Area.MATCHMAKING
    table_class = DemandTable
    filterset_class = DemandFilter
    template_name = "matchmaking/demand_list.html"
    title = _("Events on demand")
    create_url_name = "matchmaking:demand-create"
    create_label = _("Request an event")
    bulk_actions = (Bulk("merge", _("Combine them into one event"), "calendar-plus", "merge"),)
    export_columns = (
        (_("Demand details"), "wish"),
        (_("Theme"), "theme__name"),
        (_("Unit"), "organization__name"),
        (_("People"), "people"),
        (_("Requested on"), "created_at"),
        (_("State"), "get_state_display"),
        (_("Event"), "event__title"),
    )
    empty_title = _("Nobody has requested an event yet")
    empty_text = _("Singles and units submit demands; here you combine them into events.")

    def can_bulk(self):
        return bool(self.request.user.reach(Area.MATCHMAKING, Capability.EDIT))

    def post(self, request, *args, **kwargs):
        """Redirect to the page on which the selected demands become one event."""
        if request.POST.get("action") == "merge" and self.can_bulk():
            ticked = [pk for pk in request.POST.getlist("pk")[:MOST_AT_ONCE] if whole_number(pk)]
            if ticked:
                query = urlencode({"pk": ticked}, doseq=True)
                return HttpResponseRedirect(f"{reverse('matchmaking:demand-merge')}?{query}")
        return super().post(request, *args, **kwargs)

    def merge(self, rows):
        """Do nothing: the selected rows are handled on a page of their own."""
        return 0

    def get_context_data(self, **kwargs):
        demands = EventDemand.objects.visible_to(self.request.user)
        met, asked = demands_met(demands)
        return super().get_context_data(
            themes=demand_themes(demands),
            met=met,
            asked=asked,
            met_percent=round(100 * met / asked) if asked else None,
            **kwargs,
        )


class DemandCreateView(CreateView):
    """Create a demand for an event, by staff on behalf of their unit."""

    area = Area.MATCHMAKING
    form_class = UnitDemandForm
    title = _("Request an event")
    submit_label = _("Submit")
    success_message = _("Submitted. You will be told when an event is published.")

    def perform(self, form):
        return demand_create(actor=self.request.user, for_unit=True, **form.cleaned_data)


class DemandDetailView(DetailView):
    """A demand: what is wished for, for how many, and the outcome; the person who asked is not shown."""

    model = EventDemand
    template_name = "matchmaking/demand_detail.html"

    def get_title(self):
        return _("Demand %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        demand, actor = self.object, self.request.user
        facts = [
            {"label": _("Demand details"), "value": demand.wish},
            {"label": _("Theme"), "value": demand.theme or _("Without a theme")},
            {"label": _("Unit"), "value": demand.organization.name},
            {"label": _("Requested by"), "value": _("the unit") if demand.on_behalf_of_unit else _("a single")},
            {"label": _("People"), "value": demand.people},
            {"label": _("Earliest date"), "value": demand.wanted_from},
            {"label": _("Latest date"), "value": demand.wanted_until},
            {"label": _("Answer"), "value": demand.answer},
        ]
        edits = rules.can_answer_demand(actor, demand)
        event = demand.event
        sees = event is not None and type(event).objects.visible_to(actor).filter(pk=event.pk).exists()
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"]],
            can_answer=edits and demand.state == DemandState.OPEN,
            can_reopen=edits and demand.state in (DemandState.PLANNED, DemandState.DECLINED),
            can_withdraw=demand.asked_by_id == actor.pk and demand.state == DemandState.OPEN,
            event=event if sees else None,
            merge_url=f"{reverse('matchmaking:demand-merge')}?pk={demand.pk}",
            **kwargs,
        )


class DemandMergeView(OwnPlaceMixin, CapabilityMixin, FormPageView):
    """Make one event from demands: a new draft, or an event that is planned already."""

    area = Area.MATCHMAKING
    capability = Capability.EDIT
    template_name = "matchmaking/demand_merge.html"
    form_class = DemandMergeForm
    title = _("One event for several demands")
    submit_label = _("Confirm")
    success_message = _("Done. The requesters will be told when the event is published.")

    @cached_property
    def demands(self):
        """The open demands named in the URL, as far as the actor may answer them."""
        pks = [pk for pk in map(whole_number, self.request.GET.getlist("pk")[:MOST_AT_ONCE]) if pk]
        rows = EventDemand.objects.reached_by(self.request.user, Capability.EDIT)
        return rows.filter(pk__in=pks, state=DemandState.OPEN)

    def get_context_data(self, **kwargs):
        demands = list(self.demands.for_list())
        if not demands:
            raise Http404
        return super().get_context_data(
            demands=demands,
            people=sum(row.people for row in demands),
            back_url=reverse("matchmaking:demand-list"),
            **kwargs,
        )

    def perform(self, form):
        actor, data = self.request.user, form.cleaned_data
        if data["event"]:
            demands_attach(actor=actor, demands=self.demands, event=data["event"])
            return data["event"]
        return demands_merge(actor=actor, demands=self.demands, organization=data["organization"], title=data["title"])


class DemandActionView(ActionView):
    model = EventDemand
    rule = rules.can_answer_demand


class DemandDeclineView(DemandActionView):
    rule = rules.can_decline_demand
    form_class = AnswerForm
    title = _("Decline the demand")
    action_label = _("Decline with this answer")
    consequence = _("The requester will see the answer.")
    success_message = _("Answered and declined.")

    row_name = "demand"
    service = demand_decline


class DemandReopenView(DemandActionView):
    title = _("Reopen the demand")
    action_label = _("Accept again")
    consequence = _("The demand will be listed among the open demands again.")
    success_message = _("The demand is open again.")

    row_name = "demand"
    service = demand_reopen
