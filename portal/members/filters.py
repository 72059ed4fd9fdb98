"""Filters of the roster, and the look-up of a person."""

import django_filters
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.text import clean_code, clean_line
from portal.members.choices import DataRequestKind, DataRequestState, IdentityKind, MaritalStatus
from portal.members.identity import read_phone
from portal.members.models import DataRequest, Member
from portal.members.services.people import identity_index_of, phone_index_of
from portal.web.forms import FilterForm

STATUS = (("active", _("Signed in at least once")), ("waiting", _("Never signed in")))


class MemberFilter(django_filters.FilterSet):
    unit = django_filters.CharFilter(label=_("Unit's name"), field_name="organization__name", lookup_expr="icontains")
    sex = django_filters.ChoiceFilter(label=_("Sex"), choices=Sex.choices)
    status = django_filters.ChoiceFilter(label=_("Account"), choices=STATUS, method="by_status")
    marital_status = django_filters.ChoiceFilter(label=_("Marital status"), choices=MaritalStatus.choices)

    class Meta:
        model = Member
        form = FilterForm
        fields = []

    def by_status(self, queryset, name, value):
        return queryset.filter(activated_at__isnull=value == "waiting")


class DataRequestFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=DataRequestState.choices)
    kind = django_filters.ChoiceFilter(label=_("What is asked for"), choices=DataRequestKind.choices)

    class Meta:
        model = DataRequest
        form = FilterForm
        fields = []


def find_people(queryset, term):
    """Narrow to the people a typed term means: a phone, an identity number, or part of a name or its pinyin."""
    code = clean_code(term)
    try:
        return queryset.filter(phone_index=phone_index_of(read_phone(code, demo=settings.ALLOW_DEMO_PEOPLE)))
    except DomainError:
        pass
    if len(code) == 18:
        return queryset.filter(identity_index=identity_index_of(IdentityKind.RESIDENT, code))
    words = clean_line(term)
    return queryset.filter(Q(name__contains=words) | Q(pinyin__startswith=words.lower()))
