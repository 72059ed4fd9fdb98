"""Tables of matchmaking."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import Pool
from matchmaking.models import MatchEvent, Pair, Participation
from portal.core.text import mask_name
from portal.web.templatetags.portal_ui import badge


class EventTable(tables.Table):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    organization = tables.Column(verbose_name=_("Held by"), order_by=("organization__pinyin", "pk"))
    starts_at = tables.DateTimeColumn(verbose_name=_("Begins"), format="Y-m-d H:i")
    state = tables.Column(verbose_name=_("State"))
    people = tables.Column(verbose_name=_("Confirmed"), orderable=False)
    pairs_made = tables.Column(verbose_name=_("Pairs"), orderable=False)

    class Meta:
        model = MatchEvent
        fields = ("title", "organization", "starts_at", "state", "people", "pairs_made")
        order_by = ("-starts_at",)

    def render_organization(self, record):
        return record.organization.label

    def render_state(self, record):
        return badge(record.state, record.get_state_display())


class ParticipationTable(tables.Table):
    """Who takes part, for who holds the event: the name shortened, no phone."""

    number = tables.Column(verbose_name=_("Card number"), order_by=("place",))
    member = tables.Column(verbose_name=_("Full name"), orderable=False)
    pool = tables.Column(verbose_name=_("List"))
    unit = tables.Column(verbose_name=_("Unit"), accessor="member__organization__name", orderable=False)
    age = tables.Column(verbose_name=_("Age"))
    state = tables.Column(verbose_name=_("State"))
    matchmaker = tables.Column(verbose_name=_("Matchmaker"), orderable=False)

    class Meta:
        model = Participation
        fields = ("number", "member", "pool", "unit", "age", "state", "matchmaker")
        order_by = ("number",)

    def render_member(self, record):
        return mask_name(record.member.name)

    def render_pool(self, record):
        return Pool(record.pool).label

    def render_state(self, record):
        return badge(record.state, record.get_state_display())

    def render_matchmaker(self, record):
        return record.matchmaker.member.name


class PairTable(tables.Table):
    """Pairs as rows without names and numbers."""

    pk = tables.Column(verbose_name=_("Pair"), orderable=False)
    held_on = tables.DateColumn(verbose_name=_("Chosen on"), format="Y-m-d", orderable=False)
    agreed = tables.Column(verbose_name=_("Getting in touch"), empty_values=(), orderable=False)

    class Meta:
        model = Pair
        fields = ("pk", "held_on", "agreed")

    def render_agreed(self, record):
        return _("both agreed") if record.one_contact and record.two_contact else _("open")
