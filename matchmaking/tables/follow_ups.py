"""Tables of follow-ups: pairs by number, never by name."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.models import FollowUp
from matchmaking.tables.pairs import helper_names, pair_code
from matchmaking.tables.weddings import StateTable, due_words


class FollowUpTable(StateTable):
    pair_number = tables.Column(verbose_name=_("Pair"), linkify=True, orderable=False)
    event = tables.Column(verbose_name=_("Event"), accessor="pair__event__title", orderable=False)
    kind = tables.Column(verbose_name=_("Kind"), orderable=False)
    due_on = tables.Column(verbose_name=_("Due"))
    helpers = tables.Column(verbose_name=_("Matchmaker"), empty_values=(), orderable=False)
    result = tables.Column(verbose_name=_("Result"), orderable=False)

    class Meta:
        model = FollowUp
        fields = ("pair_number", "event", "kind", "due_on", "state", "result", "helpers")

    def render_pair_number(self, value):
        return pair_code(value)

    def render_due_on(self, record):
        return due_words(record.due_on, is_open=record.state == FollowUpState.DUE)

    def render_helpers(self, record):
        return helper_names(record.pair)
