"""The roster as a table: names stand, documents and phones do not appear."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.members.models import Member


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
