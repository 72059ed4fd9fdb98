"""Tables of matchmaking."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import Pool
from matchmaking.models import MatchEvent, Pair, Participation
from matchmaking.tables.after import pair_code
from portal.core.text import mask_name
from portal.web.tables import PlaceColumn, StateColumn


class EventTable(tables.Table):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    organization = PlaceColumn(verbose_name=_("Held by"))
    series = tables.Column(verbose_name=_("Series"), order_by=("series__name", "pk"))
    theme = tables.Column(verbose_name=_("Theme"), order_by=("theme__order", "pk"))
    starts_at = tables.DateTimeColumn(verbose_name=_("Begins"), format="Y-m-d H:i")
    mode = tables.Column(verbose_name=_("Mode"))
    target_group = tables.Column(verbose_name=_("For whom"))
    venue = tables.Column(verbose_name=_("Venue"), orderable=False)
    state = StateColumn()
    people = tables.Column(verbose_name=_("Confirmed"), orderable=False)
    pairs_made = tables.Column(verbose_name=_("Pairs"), orderable=False)

    class Meta:
        model = MatchEvent
        fields = (
            "title",
            "organization",
            "series",
            "theme",
            "starts_at",
            "mode",
            "target_group",
            "venue",
            "state",
            "people",
            "pairs_made",
        )
        order_by = ("-starts_at",)


class ParticipationTable(tables.Table):
    """Who takes part, for who holds the event: the name shortened, no phone."""

    number = tables.Column(verbose_name=_("Card number"), order_by=("place",))
    member = tables.Column(verbose_name=_("Full name"), orderable=False)
    pool = tables.Column(verbose_name=_("List"))
    unit = tables.Column(verbose_name=_("Unit"), accessor="member__organization__name", orderable=False)
    age = tables.Column(verbose_name=_("Age"))
    state = StateColumn()
    matchmaker = tables.Column(verbose_name=_("Matchmaker"), orderable=False)

    class Meta:
        model = Participation
        fields = ("number", "member", "pool", "unit", "age", "state", "matchmaker")
        order_by = ("number",)

    def render_member(self, record):
        return mask_name(record.member.name)

    def render_pool(self, record):
        return Pool(record.pool).label

    def render_matchmaker(self, record):
        return record.matchmaker.member.name


class HiddenUnitTable(ParticipationTable):
    """The same without units: of a restricted event its lead organiser alone sees them."""

    class Meta(ParticipationTable.Meta):
        fields = ("number", "member", "pool", "age", "state", "matchmaker")
        exclude = ("unit",)


class ReviewTable(ParticipationTable):
    """Sign-ups that wait for review: the card as the other list would see it."""

    line = tables.Column(verbose_name=_("A line about yourself"), orderable=False)
    answer = tables.Column(verbose_name="", accessor="pk", orderable=False)

    class Meta(ParticipationTable.Meta):
        fields = ("number", "member", "pool", "unit", "age", "line", "answer")
        exclude = ("state", "matchmaker")

    def render_answer(self, record):
        url = reverse("matchmaking:participation-decline", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, _("Decline with a reason"))


class HiddenUnitReviewTable(ReviewTable):
    """The same without units."""

    class Meta(ReviewTable.Meta):
        fields = ("number", "member", "pool", "age", "line", "answer")
        exclude = ("state", "matchmaker", "unit")


class PairTable(tables.Table):
    """Pairs as rows without names and phones, called by their number at the event."""

    number = tables.Column(verbose_name=_("Pair"), orderable=False)
    state = StateColumn(orderable=False)
    held_on = tables.DateColumn(verbose_name=_("Chosen on"), format="Y-m-d", orderable=False)
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
        return _("both agreed") if record.one_contact and record.two_contact else _("open")
