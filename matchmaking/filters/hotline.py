"""Filters of lists of hotline tickets."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.hotline import TicketKind, TicketState
from matchmaking.models import HotlineTicket
from portal.web.forms import FilterForm


class TicketFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=TicketState.choices)
    kind = django_filters.ChoiceFilter(label=_("Ticket category"), choices=TicketKind.choices)
    late = django_filters.ChoiceFilter(label=_("Due"), choices=[("over", _("Overdue"))], method="by_day")
    subject = django_filters.CharFilter(label=_("Subject"), lookup_expr="icontains")

    class Meta:
        model = HotlineTicket
        form = FilterForm
        fields = []

    def by_day(self, queryset, _name, value):
        return queryset.open().filter(due_on__lt=timezone.localdate()) if value == "over" else queryset
