"""Tables of couples who apply for a group wedding."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import WeddingCouple
from matchmaking.tables.weddings import StateTable
from portal.core.text import listed


class CoupleTable(StateTable):
    """Couples that have applied, for the organiser of the wedding."""

    place = tables.Column(verbose_name=_("Position on the waiting list"), linkify=True)
    people = tables.Column(verbose_name=_("Couple"), empty_values=(), orderable=False)
    units = tables.Column(verbose_name=_("Units"), empty_values=(), orderable=False)
    registered_on = tables.DateColumn(verbose_name=_("Marriage registered on"), format="Y-m-d")

    class Meta:
        model = WeddingCouple
        fields = ("place", "people", "units", "registered_on", "state")
        order_by = ("place",)

    def render_people(self, record):
        return " · ".join(member.name for member in (record.asker, record.partner) if member)

    def render_units(self, record):
        return couple_units(record)


def couple_units(couple):
    """Return the units of the two people, each once."""
    people = [member for member in (couple.asker, couple.partner) if member and member.organization]
    return listed(dict.fromkeys(member.organization.label for member in people))
