"""The roster, the duties and the vouchings as tables: names stand, documents and phones do not appear."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.members.models import Duty, Member, Vouching
from portal.web.templatetags.portal_ui import badge


class MemberTable(tables.Table):
    name = tables.Column(verbose_name=_("Full name"), order_by=("pinyin", "pk"), linkify=True)
    sex = tables.Column(verbose_name=_("Sex"))
    birth_year = tables.Column(verbose_name=_("Birth year"), localize=False)
    organization = tables.Column(verbose_name=_("Unit"), order_by=("organization__pinyin", "pk"))
    marital_status = tables.Column(verbose_name=_("Marital status"))
    activated_at = tables.DateColumn(verbose_name=_("Signed in first"), format="Y-m-d", default=_("never"))

    class Meta:
        model = Member
        fields = ("name", "sex", "birth_year", "organization", "marital_status", "activated_at")
        order_by = "name"


class DutyTable(tables.Table):
    member = tables.Column(
        accessor="member__name",
        verbose_name=_("Full name"),
        order_by=("member__pinyin", "pk"),
        linkify=lambda record: record.get_absolute_url(),
    )
    role = tables.Column(verbose_name=_("Role"))
    organization = tables.Column(verbose_name=_("Organisation"), order_by=("organization__path", "pk"))
    valid_from = tables.DateColumn(verbose_name=_("From"), format="Y-m-d")
    valid_until = tables.DateColumn(
        verbose_name=_("Until (not included)"),
        format="Y-m-d",
        default=_("until somebody ends it"),
        order_by=("valid_until", "pk"),
    )
    last_login = tables.DateColumn(
        accessor="member__last_login",
        verbose_name=_("Signed in last"),
        format="Y-m-d",
        default=_("never"),
        order_by=("member__last_login", "pk"),
    )

    class Meta:
        model = Duty
        fields = ("member", "role", "organization", "valid_from", "valid_until", "last_login")
        order_by = "organization"


class VouchingTable(tables.Table):
    number = tables.Column(accessor="pk", verbose_name=_("Number"), linkify=True, localize=False)
    member = tables.Column(accessor="member__name", verbose_name=_("Full name"), orderable=False, default="–")
    organization = tables.Column(verbose_name=_("Unit"), order_by=("organization__pinyin", "pk"))
    state = tables.Column(verbose_name=_("State"))
    asked_at = tables.DateColumn(verbose_name=_("Asked on"), format="Y-m-d")
    until = tables.DateColumn(verbose_name=_("Holds until (not included)"), format="Y-m-d", default="–")

    class Meta:
        model = Vouching
        fields = ("number", "member", "organization", "state", "asked_at", "until")
        order_by = "-number"

    def render_state(self, record):
        return badge(record.state, record.get_state_display())
