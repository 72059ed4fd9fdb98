"""Filters of lists of nominations and media releases."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.publicity import Medium, NominationState
from matchmaking.models import MediaRelease, Nomination
from portal.core.form_fields import DayFilter
from portal.web.forms import FilterForm


class NominationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=NominationState.choices)
    medium = django_filters.ChoiceFilter(label=_("Media type"), choices=Medium.choices)
    programme = django_filters.CharFilter(label=_("Programme or column"), lookup_expr="icontains")

    class Meta:
        model = Nomination
        form = FilterForm
        fields = []


class ReleaseFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    medium = django_filters.ChoiceFilter(label=_("Media type"), choices=Medium.choices)
    since = DayFilter(field_name="published_on", lookup_expr="gte", label=_("From date"))
    until = DayFilter(field_name="published_on", lookup_expr="lte", label=_("To date"))

    class Meta:
        model = MediaRelease
        form = FilterForm
        fields = []
