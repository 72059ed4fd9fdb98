"""Tables of participations in events."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import Pool
from matchmaking.models import Participation
from portal.core.text import mask_name
from portal.web.tables import StateColumn


class ParticipationTable(tables.Table):
    """Participants, for the organiser of the event: shortened names, no phones."""

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
    """The same table without units: only the lead organiser of a restricted event sees them."""

    class Meta(ParticipationTable.Meta):
        fields = ("number", "member", "pool", "age", "state", "matchmaker")
        exclude = ("unit",)


class ReviewTable(ParticipationTable):
    """Sign-ups that wait for review, with the card as the other list would see it."""

    line = tables.Column(verbose_name=_("One-line introduction"), orderable=False)
    answer = tables.Column(verbose_name="", accessor="pk", orderable=False)

    class Meta(ParticipationTable.Meta):
        fields = ("number", "member", "pool", "unit", "age", "line", "answer")
        exclude = ("state", "matchmaker")

    def render_answer(self, record):
        url = reverse("matchmaking:participation-decline", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, _("Decline with a reason"))


class HiddenUnitReviewTable(ReviewTable):
    """The same table without units."""

    class Meta(ReviewTable.Meta):
        fields = ("number", "member", "pool", "age", "line", "answer")
        exclude = ("state", "matchmaker", "unit")
