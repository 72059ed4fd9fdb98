"""Tables of sign-ups for law sessions."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.web.tables import StateColumn
from rights.models import LawSessionSignUp


class LawSessionSignUpTable(tables.Table):
    place = tables.Column(verbose_name=_("No."))
    name = tables.Column(accessor="member__name", verbose_name=_("Full name"), orderable=False)
    unit = tables.Column(accessor="member__organization__label", verbose_name=_("Unit"), orderable=False)
    state = StateColumn()

    class Meta:
        model = LawSessionSignUp
        fields = ("place", "name", "unit", "state")
        order_by = ("place",)
