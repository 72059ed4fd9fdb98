"""Filters of lists of profiles of singles."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.profiles import Education, ProfileState
from matchmaking.models import HobbyTag, SingleProfile
from matchmaking.querysets.profiles import at_least, at_most, lives_in
from portal.organizations.models import Region
from portal.web.forms import FilterForm


def _regions(request):
    return Region.objects.filter(statistical=False, valid_until=None).order_by("code")


class SingleFilter(django_filters.FilterSet):
    """Filters of the singles that a single finds; they narrow the result and never widen it."""

    age_from = django_filters.NumberFilter(label=_("Age at least"), method="older", min_value=18, max_value=99)
    age_to = django_filters.NumberFilter(label=_("Age at most"), method="younger", min_value=18, max_value=99)
    region = django_filters.ModelChoiceFilter(label=_("Lives in"), queryset=_regions, method="inside")
    height_from = django_filters.NumberFilter(
        label=_("Height at least (cm)"), method="taller", min_value=120, max_value=230
    )
    height_to = django_filters.NumberFilter(
        label=_("Height at most (cm)"), method="smaller", min_value=120, max_value=230
    )
    education = django_filters.TypedChoiceFilter(
        label=_("Education at least"), choices=Education.choices, coerce=int, method="educated"
    )
    hobbies = django_filters.ModelMultipleChoiceFilter(
        label=_("Hobbies"),
        queryset=lambda request: HobbyTag.objects.filter(active=True),
        widget=forms.CheckboxSelectMultiple,
        method="liking",
    )

    class Meta:
        model = SingleProfile
        form = FilterForm
        fields = []

    def older(self, queryset, name, value):
        return queryset.filter(at_least("age", int(value)))

    def younger(self, queryset, name, value):
        return queryset.filter(at_most("age", int(value)))

    def taller(self, queryset, name, value):
        return queryset.filter(at_least("height", int(value)))

    def smaller(self, queryset, name, value):
        return queryset.filter(at_most("height", int(value)))

    def educated(self, queryset, name, value):
        return queryset.filter(at_least("education", value))

    def inside(self, queryset, name, value):
        return queryset.filter(lives_in(value.pk))

    def liking(self, queryset, name, value):
        if not value:
            return queryset
        liked = SingleProfile.hobbies.through.objects.filter(hobbytag__in=value).values("singleprofile_id")
        return queryset.filter(pk__in=liked)


class ProfileFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[choice for choice in ProfileState.choices if choice[0] not in ("draft", "exited")],
    )
    unit = django_filters.CharFilter(
        label=_("Unit name"), field_name="member__organization__name", lookup_expr="icontains"
    )

    class Meta:
        model = SingleProfile
        form = FilterForm
        fields = []
