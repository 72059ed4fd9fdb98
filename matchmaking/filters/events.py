"""Filters of lists of events."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventMode, EventState, TargetGroup
from matchmaking.models import EventSeries, EventTheme, MatchEvent
from portal.organizations.models import Region
from portal.web.forms import FilterForm


def visible_series(request):
    """Return the series that the reader may see."""
    return EventSeries.objects.visible_to(request.user).order_by("name")


def cities(request):
    """Return the cities of the province."""
    return Region.objects.filter(level=2, statistical=False)


class EventFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=EventState.choices)
    series = django_filters.ModelChoiceFilter(label=_("Series"), queryset=visible_series)
    theme = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=EventTheme.objects.all())
    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=EventMode.choices)
    target_group = django_filters.ChoiceFilter(label=_("Target group"), choices=TargetGroup.choices)
    year = django_filters.NumberFilter(label=_("Year"), method="by_year", min_value=2000, max_value=2100)

    class Meta:
        model = MatchEvent
        form = FilterForm
        fields = []

    def by_year(self, queryset, name, value):
        """Filter by the year in which events begin."""
        return queryset.filter(starts_at__year=int(value))


class MeetFilter(django_filters.FilterSet):
    """The filters of open events for a member: mode, place, theme."""

    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=EventMode.choices)
    place = django_filters.ModelChoiceFilter(label=_("Location"), queryset=cities, method="by_place")
    theme = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=EventTheme.objects.filter(active=True))

    class Meta:
        model = MatchEvent
        form = FilterForm
        fields = []

    def by_place(self, queryset, name, value):
        """Filter by events at a venue in a city, or held by a union there."""
        code = value.code[:4]
        return queryset.filter(Q(venue__region__code__startswith=code) | Q(organization__region__code__startswith=code))
