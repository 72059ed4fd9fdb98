"""The people of an event on the desk: who takes part, pairs, matchmakers; and the base of pages about one event."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.events import Pool
from matchmaking.filters.events import HiddenUnitFilter, ParticipationFilter
from matchmaking.forms.events import MatchmakersForm
from matchmaking.models import EventMatchmaker, MatchEvent, Pair, Participation
from matchmaking.selectors.events import standing_consents, with_load
from matchmaking.selectors.lines import event_lines
from matchmaking.selectors.pairs import with_follow_ups
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.tables.after import pair_code
from matchmaking.tables.events import HiddenUnitTable, PairTable, ParticipationTable
from portal.core.text import mask_name
from portal.signups.choices import SignUpState
from portal.web.views import FormPageView, ListView, RowFormView


class OfEventMixin:
    """A list about one event the reader may see."""

    event_rule = staticmethod(rules.can_edit_event)

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            events = MatchEvent.objects.visible_to(request.user).for_list()
            self.event = get_object_or_404(events, pk=kwargs["pk"])
            if not self.event_rule(request.user, self.event):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def can_create(self):
        return False

    def get_context_data(self, **kwargs):
        return super().get_context_data(event=self.event, subtitle=self.event.title, **kwargs)


class OfEventFormView(OfEventMixin, FormPageView):
    """A form about one event the reader may see."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back_url": self.event.get_absolute_url(), **kwargs})


def masked_name(row):
    """The name as it leaves the portal."""
    return mask_name(row.member.name)


def pool_words(row):
    """The list she is on, in words."""
    return Pool(row.pool).label


OFF_THE_LISTS = (SignUpState.WITHDRAWN, SignUpState.LEFT)
UNIT_COLUMN = (_("Unit"), "member__organization__name")


class EventParticipantsView(OfEventMixin, ListView):
    """Who takes part, for who holds the event; of a restricted one without units but for its lead organiser."""

    model = Participation
    table_class = ParticipationTable
    filterset_class = ParticipationFilter
    template_name = "matchmaking/participation_list.html"
    title = _("Participants")
    narrowed = False
    export_columns = (
        (_("Card number"), "number"),
        (_("Full name (masked)"), masked_name),
        (_("List"), pool_words),
        UNIT_COLUMN,
        (_("Age"), "age"),
        (_("State"), "get_state_display"),
        (_("Matchmaker"), "matchmaker__member__name"),
    )
    empty_title = _("Nobody has signed up yet")
    empty_text = _("Pass on the link or print the poster.")

    def get(self, request, *args, **kwargs):
        if not rules.can_see_units(request.user, self.event):
            self.table_class, self.filterset_class = HiddenUnitTable, HiddenUnitFilter
            self.export_columns = tuple(column for column in self.export_columns if column is not UNIT_COLUMN)
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        # Who took the agreement back is on no list any more; the figures count on.
        return super().get_queryset().filter(offering=self.event).exclude(state__in=OFF_THE_LISTS)

    def get_context_data(self, **kwargs):
        return super().get_context_data(lines=event_lines(self.event), **kwargs)

    def export_title(self):
        return f"{self.title} {self.event.title}"


class EventPairsView(OfEventMixin, ListView):
    """The pairs of an event: rows without names, by their number at the event."""

    model = Pair
    table_class = PairTable
    title = _("Pairs")
    narrowed = False
    export_columns = (
        (_("Pair"), lambda row: pair_code(row.number)),
        (_("State"), "get_state_display"),
        (_("Chosen on"), "held_on"),
        (_("Marriage registered on"), "registered_on"),
        (_("Follow-ups done"), "calls_done"),
    )
    empty_title = _("No pairs yet")
    empty_text = _("Pairs are found when the choice round is revealed. Names are seen by the two alone.")

    def get_queryset(self):
        pairs = super().get_queryset().filter(event=self.event)
        pairs = pairs.with_consents(standing_consents()).numbered()
        return with_follow_ups(pairs).order_by("pk")


class EventMatchmakersView(RowFormView):
    """The volunteers of an event, and how the participants are shared among them."""

    model = MatchEvent
    form_class = MatchmakersForm
    rule = rules.can_edit_event
    template_name = "matchmaking/event_matchmakers.html"
    title = _("Matchmakers")
    submit_label = _("Save and share the participants")
    success_message = _("Saved. The participants are shared evenly.")

    row_name = "event"
    service = matchmakers_set

    def get_initial(self):
        return {"members": self.object.matchmakers.filter(valid_until=None).values_list("member_id", flat=True)}

    def get_context_data(self, **kwargs):
        rows = EventMatchmaker.objects.filter(event=self.object, valid_until=None).for_list()
        rows = with_load(rows).order_by("member__pinyin", "pk")
        return super().get_context_data(rows=rows, subtitle=self.object.title, **kwargs)
