"""Tables of the children in a class, for its teachers."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from childcare.models import Enrolment
from portal.web.tables import StateColumn


class ClassPeopleTable(tables.Table):
    place = tables.Column(verbose_name=_("No."))
    child = tables.Column(accessor="child__name", verbose_name=_("Child"), orderable=False)
    twin = tables.Column(verbose_name=_("Note"), orderable=False, empty_values=(None,))
    sex = tables.Column(accessor="child__get_sex_display", verbose_name=_("Sex"), orderable=False)
    age = tables.Column(accessor="age", verbose_name=_("Age"), orderable=False)
    guardian = tables.Column(accessor="member__name", verbose_name=_("Parent or guardian"), orderable=False)
    phone = tables.Column(accessor="member__phone", verbose_name=_("Mobile number"), orderable=False)
    signed = tables.DateTimeColumn(
        accessor="signed_at", verbose_name=_("Agreement signed at"), orderable=False, format="Y-m-d"
    )
    state = StateColumn()

    class Meta:
        model = Enrolment
        fields = ("place", "child", "twin", "sex", "age", "guardian", "phone", "signed", "state")
        order_by = ("place",)
