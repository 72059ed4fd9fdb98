"""Filters for the list of notices."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.notices.choices import Audience, NoticeState
from portal.notices.models import Notice
from portal.web.forms import FilterForm


class NoticeFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=NoticeState.choices)
    audience = django_filters.ChoiceFilter(label=_("Readers"), choices=Audience.choices)

    class Meta:
        model = Notice
        form = FilterForm
        fields = []
