"""Filters of lists of couples who apply for a group wedding."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.couples import CoupleState
from matchmaking.models import WeddingCouple
from portal.web.forms import FilterForm


class CoupleFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[choice for choice in CoupleState.choices if choice[0] != CoupleState.ASKED]
    )

    class Meta:
        model = WeddingCouple
        form = FilterForm
        fields = []
