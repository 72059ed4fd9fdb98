"""Filters of lists of blocks and reports."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.safety import ReportKind, ReportState
from matchmaking.models import AbuseReport
from portal.web.forms import FilterForm


class ReportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices)
    kind = django_filters.ChoiceFilter(label=_("What happened"), choices=ReportKind.choices)

    class Meta:
        model = AbuseReport
        form = FilterForm
        fields = []
