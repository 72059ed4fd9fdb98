"""Filters of lists of the vetting of profiles and appeals."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.vetting import AppealState
from matchmaking.models import ProfileAppeal
from portal.web.forms import FilterForm


class AppealFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=AppealState.choices)

    class Meta:
        model = ProfileAppeal
        form = FilterForm
        fields = []
