"""Filters of lists of participations in events."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import Pool
from matchmaking.models import Participation
from portal.signups.choices import SignUpState
from portal.web.forms import FilterForm

ON_THE_LISTS = [
    (state.value, state.label) for state in SignUpState if state not in (SignUpState.WITHDRAWN, SignUpState.LEFT)
]


class ParticipationFilter(django_filters.FilterSet):
    pool = django_filters.ChoiceFilter(label=_("List"), choices=Pool.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ON_THE_LISTS)
    unit = django_filters.CharFilter(
        label=_("Unit name"), field_name="member__organization__name", lookup_expr="icontains"
    )

    class Meta:
        model = Participation
        form = FilterForm
        fields = []


class HiddenUnitFilter(ParticipationFilter):
    """The same filters without the unit, which would reveal what the table hides."""

    unit = None
