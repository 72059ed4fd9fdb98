"""Tables of pairs: pairs by number, never by name."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import Pair
from portal.core.text import listed
from portal.web.tables import StateColumn


def pair_code(number):
    """Return the code of a pair at its event, such as P03."""
    return f"P{number:02d}"


def helper_names(pair):
    """Return the matchmakers of the two people, each once."""
    names = [row.matchmaker.member.name for row in (pair.one, pair.two) if row.matchmaker_id]
    return listed(dict.fromkeys(names)) or "—"


class PairTable(tables.Table):
    """Pairs as rows with their number at the event, without names and phones."""

    number = tables.Column(verbose_name=_("Pair"), orderable=False)
    state = StateColumn(orderable=False)
    held_on = tables.DateColumn(verbose_name=_("Date of mutual choice"), format="Y-m-d", orderable=False)
    registered_on = tables.DateColumn(verbose_name=_("Marriage registered on"), format="Y-m-d", orderable=False)
    calls = tables.Column(verbose_name=_("Follow-ups done"), orderable=False)
    agreed = tables.Column(verbose_name=_("Getting in touch"), empty_values=(), orderable=False)

    class Meta:
        model = Pair
        fields = ("number", "state", "held_on", "registered_on", "calls", "agreed")

    def render_number(self, value):
        return pair_code(value)

    def render_calls(self, record):
        return f"{record.calls_done} / {record.calls}"

    def render_agreed(self, record):
        return _("both agreed") if record.one_contact and record.two_contact else _("pending")
