"""Filters of reports from the door."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.reports import ReportState, Trouble
from nursing_rooms.models import RoomReport
from portal.web.forms import FilterForm


class ReportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices)
    trouble = django_filters.ChoiceFilter(label=_("Trouble"), choices=Trouble.choices)
    late = django_filters.ChoiceFilter(label=_("Due"), choices=[("over", _("Overdue"))], method="by_day")

    class Meta:
        model = RoomReport
        form = FilterForm
        fields = []

    def by_day(self, queryset, _name, value):
        return queryset.open().filter(due_on__lt=timezone.localdate()) if value == "over" else queryset
