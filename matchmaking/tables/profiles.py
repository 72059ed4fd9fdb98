"""Tables of profiles for staff: numbers, shortened names and states, no text written by the singles."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import SingleProfile
from portal.core.text import mask_name
from portal.web.tables import StateColumn


class ProfileTable(tables.Table):
    pk = tables.Column(verbose_name=_("Profile number"), orderable=False)
    member = tables.Column(verbose_name=_("Full name"), orderable=False)
    unit = tables.Column(verbose_name=_("Unit"), accessor="member__organization__name", orderable=False)
    state = StateColumn()
    verified_until = tables.DateColumn(verbose_name=_("Confirmed until (not included)"), format="Y-m-d")
    held = tables.BooleanColumn(verbose_name=_("Suspended after a report"), yesno=(_("yes"), "–"))

    class Meta:
        model = SingleProfile
        fields = ("pk", "member", "unit", "state", "verified_until", "held")
        order_by = ("-pk",)

    def render_member(self, record):
        return mask_name(record.member.name)

    def render_held(self, record):
        return _("yes") if record.held else "–"
