"""Filters of the board of deadlines."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.deadlines.choices import DeadlineState
from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline
from portal.web.forms import FilterForm

# Without a choice the board shows what is still to be done.
STATES = [("all", _("All states")), *DeadlineState.choices]


def clock_names():
    return [(code, clock.name) for code, clock in clocks().items()]


class DeadlineFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STATES, empty_label=_("Not settled yet"), method="by_state"
    )
    code = django_filters.ChoiceFilter(label=_("Kind of deadline"), choices=clock_names)
    due = django_filters.ChoiceFilter(
        label=_("Due"), choices=[("over", _("Overdue")), ("week", _("Within seven days"))], method="by_day"
    )

    class Meta:
        model = Deadline
        form = FilterForm
        fields = []

    @property
    def qs(self):
        rows = super().qs
        chosen = self.is_bound and self.form.cleaned_data.get("state")
        return rows if chosen else rows.open()

    def by_state(self, queryset, _name, value):
        return queryset if value == "all" else queryset.filter(state=value)

    def by_day(self, queryset, _name, value):
        today = timezone.localdate()
        if value == "over":
            return queryset.open().filter(due_on__lt=today)
        return queryset.open().filter(due_on__range=(today, today + timezone.timedelta(days=7)))
