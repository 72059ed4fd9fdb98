"""Tables of volunteer matchmakers."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import Volunteer
from portal.web.tables import PlaceColumn, StateColumn


class VolunteerTable(tables.Table):
    """Volunteers with the number of people in their care."""

    member = tables.Column(verbose_name=_("Full name"), linkify=True, order_by=("member__pinyin", "pk"))
    unit = tables.Column(verbose_name=_("Unit"), accessor="member__organization__name", orderable=False)
    organization = PlaceColumn(verbose_name=_("Serves at"))
    state = StateColumn()
    pledged_at = tables.DateTimeColumn(verbose_name=_("Pledge signed at"), format="Y-m-d", orderable=False)
    trained_on = tables.DateColumn(verbose_name=_("Trained on"), format="Y-m-d")
    load = tables.Column(verbose_name=_("People assigned"), order_by=("load", "pk"))

    class Meta:
        model = Volunteer
        fields = ("member", "unit", "organization", "state", "pledged_at", "trained_on", "load")
        order_by = ("-load",)

    def render_member(self, record):
        return record.member.name

    def render_load(self, record):
        return f"{record.load} / {record.most}"
