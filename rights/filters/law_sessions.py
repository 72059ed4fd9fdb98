"""Filters of law sessions."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, Region
from portal.signups.choices import SignUpState
from portal.web.forms import FilterForm
from rights.choices.law_sessions import LawSessionState, SessionKind
from rights.models import LawSession, LawSessionSignUp


class LawFindFilter(django_filters.FilterSet):
    """Filters sessions by city: those of its unions, those of the province, and online classes of everywhere."""

    region = django_filters.ModelChoiceFilter(
        label=_("City"), queryset=Region.objects.filter(level=2, statistical=False), method="by_region"
    )

    class Meta:
        model = LawSession
        form = FilterForm
        fields = []

    def by_region(self, queryset, name, value):
        found = Q(kind=SessionKind.ONLINE) | Q(organization__parent=None)
        for city in Organization.objects.filter(kind=OrganizationKind.CITY, region=value, closed_on=None):
            found |= Q(organization__path__startswith=city.path)
        return queryset.filter(found)


class LawSessionFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=SessionKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=LawSessionState.choices)

    class Meta:
        model = LawSession
        form = FilterForm
        fields = []


class LawSessionSignUpFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=SignUpState.choices)
    unit = django_filters.CharFilter(
        label=_("Unit name"), field_name="member__organization__name", lookup_expr="icontains"
    )

    class Meta:
        model = LawSessionSignUp
        form = FilterForm
        fields = []
