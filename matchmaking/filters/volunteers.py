"""Filters of volunteer matchmakers."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import Volunteer
from portal.web.forms import FilterForm


class VolunteerFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Full name"), field_name="member__name", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=VolunteerState.choices)

    class Meta:
        model = Volunteer
        form = FilterForm
        fields = []
