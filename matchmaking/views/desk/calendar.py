"""Desk pages of the calendar of events and venues."""

from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking.models import MatchEvent
from matchmaking.selectors.calendar import events_of_month, month_of
from portal.core.choices import Area
from portal.web.views import CapabilityMixin


class EventCalendarView(CapabilityMixin, generic.TemplateView):
    """The events of a month in the reader's reach."""

    area = Area.MATCHMAKING
    template_name = "matchmaking/event_calendar.html"
    title = _("Event calendar")

    def get_context_data(self, **kwargs):
        first = month_of(self.request.GET.get("month"))
        events = MatchEvent.objects.visible_to(self.request.user).for_list()
        return super().get_context_data(month=events_of_month(events, first), **kwargs)
