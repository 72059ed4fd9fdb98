"""Desk pages of pairs: the pairs of an event, and couples by their members' organisations."""

from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking.models import Pair
from matchmaking.selectors.pairs import STATES, partners_here, with_follow_ups
from matchmaking.selectors.participations import standing_consents
from matchmaking.tables.pairs import PairTable, pair_code
from matchmaking.views.desk.events import OfEventMixin
from portal.core.choices import Area, Capability
from portal.web.context import here_path
from portal.web.views import CapabilityMixin, ListView


class PairHereView(CapabilityMixin, generic.TemplateView):
    """Couples with a partner here: counts by province, city and county, without links to the couples."""

    area = Area.MATCHMAKING
    template_name = "matchmaking/pair_here.html"
    title = _("Pairs with at least one person here")

    def get_context_data(self, **kwargs):
        paths = self.request.user.reach(Area.MATCHMAKING, Capability.VIEW)
        here = here_path(self.request)
        if here and any(here.startswith(path) for path in paths):
            paths = [here]
        rows = partners_here(paths)
        return super().get_context_data(
            rows=[(row, list(row.by_state.values())) for row in rows],
            states=[state.label for state in STATES],
            **kwargs,
        )


class EventPairsView(OfEventMixin, ListView):
    """The pairs of an event: rows without names, by their number at the event."""

    model = Pair
    table_class = PairTable
    title = _("Pairs")
    narrowed = False
    export_columns = (
        (_("Pair"), lambda row: pair_code(row.number)),
        (_("State"), "get_state_display"),
        (_("Date of mutual choice"), "held_on"),
        (_("Marriage registered on"), "registered_on"),
        (_("Follow-ups done"), "calls_done"),
    )
    empty_title = _("No pairs yet")
    empty_text = _("Pairs are formed when the choice round is revealed. Only the two people see each other's names.")

    def get_queryset(self):
        pairs = super().get_queryset().filter(event=self.event)
        pairs = pairs.with_consents(standing_consents()).numbered()
        return with_follow_ups(pairs).order_by("pk")
