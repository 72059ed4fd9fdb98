"""Filters of lists of group weddings."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.weddings import WeddingState
from matchmaking.models import GroupWedding
from portal.web.forms import FilterForm


class WeddingFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=WeddingState.choices)

    class Meta:
        model = GroupWedding
        form = FilterForm
        fields = []
