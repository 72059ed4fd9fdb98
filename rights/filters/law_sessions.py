"""Filters of law sessions."""

import django_filters
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, Region
from portal.signups.choices import SignUpState
from portal.web.forms import FilterForm
from rights.choices.law_sessions import LawSessionState, SessionKind
from rights.models import LawSession, LawSessionSignUp


class LawFindFilter(django_filters.FilterSet):
    """Filters sessions by city: first those of its unions, then those of the province and online classes."""

    region = django_filters.ModelChoiceFilter(
        label=_("City"), queryset=Region.objects.filter(level=2, statistical=False), method="by_region"
    )

    class Meta:
        model = LawSession
        form = FilterForm
        fields = []

    def by_region(self, queryset, name, value):
        there = Q(pk=0)
        for city in Organization.objects.filter(kind=OrganizationKind.CITY, region=value, closed_on=None):
            there |= Q(organization__path__startswith=city.path)
        found = queryset.filter(there | Q(kind=SessionKind.ONLINE) | Q(organization__parent=None))
        return found.order_by(Case(When(there, then=0), default=1), "starts_at", "pk")


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
