"""Filters of nurseries."""

import django_filters
from django.utils.translation import gettext_lazy as _

from childcare.choices.nurseries import NurseryMode
from childcare.models import Nursery
from portal.web.forms import FilterForm


class NurseryFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    employer = django_filters.CharFilter(label=_("Employer"), lookup_expr="icontains")
    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=NurseryMode.choices)

    class Meta:
        model = Nursery
        form = FilterForm
        fields = []
