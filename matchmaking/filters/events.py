"""Filters of events and participants."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import EventMode, EventState, Pool
from matchmaking.models import MatchEvent, Participation
from portal.signups.choices import SignUpState
from portal.web.forms import FilterForm


class EventFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=EventState.choices)
    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=EventMode.choices)

    class Meta:
        model = MatchEvent
        form = FilterForm
        fields = []


class ParticipationFilter(django_filters.FilterSet):
    pool = django_filters.ChoiceFilter(label=_("List"), choices=Pool.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=SignUpState.choices)
    unit = django_filters.CharFilter(
        label=_("Unit's name"), field_name="member__organization__name", lookup_expr="icontains"
    )

    class Meta:
        model = Participation
        form = FilterForm
        fields = []
