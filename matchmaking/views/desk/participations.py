"""Desk pages of participations in events."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.events import Pool
from matchmaking.filters.participations import HiddenUnitFilter, ParticipationFilter
from matchmaking.models import Participation
from matchmaking.selectors.participations import event_lines
from matchmaking.tables.participations import HiddenUnitTable, ParticipationTable
from matchmaking.views.desk.events import OfEventMixin
from portal.signups.choices import SignUpState
from portal.web.views import ListView


def pool_words(row):
    """Return the label of the participant's list."""
    return Pool(row.pool).label


OFF_THE_LISTS = (SignUpState.WITHDRAWN, SignUpState.LEFT)
UNIT_COLUMN = (_("Unit"), "member__organization__name")


class EventParticipantsView(OfEventMixin, ListView):
    """The participants of an event, for its organisers.

    Units of a restricted event are shown only to editors of its lead organiser.
    """

    model = Participation
    table_class = ParticipationTable
    filterset_class = ParticipationFilter
    template_name = "matchmaking/participation_list.html"
    title = _("Participants")
    narrowed = False
    export_columns = (
        (_("Card number"), "number"),
        (_("Full name (masked)"), "member__masked_name"),
        (_("List"), pool_words),
        UNIT_COLUMN,
        (_("Age"), "age"),
        (_("State"), "get_state_display"),
        (_("Matchmaker"), "matchmaker__member__name"),
    )
    empty_title = _("Nobody has signed up yet")
    empty_text = _("Share the link or print the poster.")

    def get(self, request, *args, **kwargs):
        if not rules.can_see_units(request.user, self.event):
            self.table_class, self.filterset_class = HiddenUnitTable, HiddenUnitFilter
            self.export_columns = tuple(column for column in self.export_columns if column is not UNIT_COLUMN)
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        # Participants who withdrew their consent are no longer listed; the figures still count them.
        return super().get_queryset().filter(offering=self.event).exclude(state__in=OFF_THE_LISTS)

    def get_context_data(self, **kwargs):
        return super().get_context_data(lines=event_lines(self.event), **kwargs)

    def export_title(self):
        return f"{self.title} {self.event.title}"
