"""Tables of the vetting of profiles and appeals."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.vetting import AppealState
from matchmaking.models import ProfileAppeal, SingleProfile
from portal.core.text import mask_name
from portal.web.tables import StateColumn


class VettingTable(tables.Table):
    pk = tables.Column(
        verbose_name=_("Profile number"),
        orderable=False,
        linkify=lambda record: reverse("matchmaking:vetting-detail", args=[record.pk]),
    )
    member = tables.Column(verbose_name=_("Full name"), orderable=False)
    unit = tables.Column(verbose_name=_("Unit"), accessor="member__organization__name", orderable=False)
    submitted_at = tables.DateTimeColumn(verbose_name=_("Submitted at"), format="Y-m-d H:i")

    class Meta:
        model = SingleProfile
        fields = ("pk", "member", "unit", "submitted_at")
        order_by = ("submitted_at",)

    def render_member(self, record):
        return mask_name(record.member.name)


class AppealTable(tables.Table):
    pk = tables.Column(verbose_name=_("Appeal"), linkify=True, orderable=False)
    member = tables.Column(verbose_name=_("Full name"), accessor="profile__member", orderable=False)
    unit = tables.Column(verbose_name=_("Unit"), accessor="profile__member__organization__name", orderable=False)
    state = StateColumn(waiting=(AppealState.OPEN,))
    created_at = tables.DateTimeColumn(verbose_name=_("Filed at"), format="Y-m-d H:i")

    class Meta:
        model = ProfileAppeal
        fields = ("pk", "member", "unit", "state", "created_at")
        order_by = ("created_at",)

    def render_member(self, record):
        return mask_name(record.profile.member.name)
