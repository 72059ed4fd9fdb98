"""Desk pages of the matchmakers of an event."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.forms.matchmakers import MatchmakersForm
from matchmaking.models import EventMatchmaker, MatchEvent
from matchmaking.selectors.events import with_load
from matchmaking.services.matchmakers import matchmakers_set
from portal.web.views import RowFormView


class EventMatchmakersView(RowFormView):
    """The volunteers of an event, and how the participants are distributed among them."""

    model = MatchEvent
    form_class = MatchmakersForm
    rule = rules.can_edit_event
    template_name = "matchmaking/event_matchmakers.html"
    title = _("Matchmakers")
    submit_label = _("Save and assign the participants")
    success_message = _("Saved. The participants are assigned evenly.")

    row_name = "event"
    service = matchmakers_set

    def get_initial(self):
        return {"members": self.object.matchmakers.filter(valid_until=None).values_list("member_id", flat=True)}

    def get_context_data(self, **kwargs):
        rows = EventMatchmaker.objects.filter(event=self.object, valid_until=None).for_list()
        rows = with_load(rows).order_by("member__pinyin", "pk")
        return super().get_context_data(rows=rows, subtitle=self.object.title, **kwargs)
