"""Tables of the desk about singles: numbers, shortened names and states, no words of theirs."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.profiles import AppealState, ReportState
from matchmaking.models import AbuseReport, ProfileAppeal, SingleProfile
from portal.core.text import mask_name
from portal.web.tables import StateColumn


class VettingTable(tables.Table):
    pk = tables.Column(
        verbose_name=_("Profile"),
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


class ProfileTable(tables.Table):
    pk = tables.Column(verbose_name=_("Profile"), orderable=False)
    member = tables.Column(verbose_name=_("Full name"), orderable=False)
    unit = tables.Column(verbose_name=_("Unit"), accessor="member__organization__name", orderable=False)
    state = StateColumn()
    verified_until = tables.DateColumn(verbose_name=_("Confirmed until (not included)"), format="Y-m-d")
    held = tables.BooleanColumn(verbose_name=_("Held after a report"), yesno=(_("yes"), "–"))

    class Meta:
        model = SingleProfile
        fields = ("pk", "member", "unit", "state", "verified_until", "held")
        order_by = ("-pk",)

    def render_member(self, record):
        return mask_name(record.member.name)

    def render_held(self, record):
        return _("yes") if record.held else "–"


class AppealTable(tables.Table):
    pk = tables.Column(verbose_name=_("Appeal"), linkify=True, orderable=False)
    member = tables.Column(verbose_name=_("Full name"), accessor="profile__member", orderable=False)
    unit = tables.Column(verbose_name=_("Unit"), accessor="profile__member__organization__name", orderable=False)
    state = StateColumn(waiting=(AppealState.OPEN,))
    created_at = tables.DateTimeColumn(verbose_name=_("Made at"), format="Y-m-d H:i")

    class Meta:
        model = ProfileAppeal
        fields = ("pk", "member", "unit", "state", "created_at")
        order_by = ("created_at",)

    def render_member(self, record):
        return mask_name(record.profile.member.name)


class ReportTable(tables.Table):
    pk = tables.Column(verbose_name=_("Report"), linkify=True, orderable=False)
    kind = tables.Column(verbose_name=_("What happened"))
    state = StateColumn(waiting=(ReportState.OPEN,))
    due_on = tables.DateColumn(verbose_name=_("Due"), format="Y-m-d")
    handler = tables.Column(verbose_name=_("In hand of"), orderable=False)

    class Meta:
        model = AbuseReport
        fields = ("pk", "kind", "state", "due_on", "handler")
        order_by = ("due_on",)

    def render_handler(self, record):
        return record.handler.name
