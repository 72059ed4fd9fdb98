"""Desk pages to copy an event and to change a public event."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.forms.changing import EventChangeForm, EventCopyForm, EventQuotasForm
from matchmaking.models import MatchEvent
from matchmaking.services.changing import event_change, event_copy, event_quotas_set
from portal.signups.choices import LIVE
from portal.web.views import RowFormView, UpdateView


class EventCopyView(RowFormView):
    model = MatchEvent
    form_class = EventCopyForm
    rule = rules.can_edit_event
    title = _("Copy the event")
    submit_label = _("Create a new draft")
    success_message = _("The draft was created. Its event details and partners are copied; people and costs are not.")

    row_name = "event"
    service = event_copy

    def get_initial(self):
        later = self.object.starts_at
        while later <= timezone.now():
            later += timedelta(days=7)
        return {"title": self.object.title, "starts_at": later}

    def next_url(self, result):
        return result.get_absolute_url()


class EventChangeView(UpdateView):
    """Change time, place or link of an approved or public event; everyone on its lists is notified."""

    model = MatchEvent
    form_class = EventChangeForm
    rule = rules.can_change_published
    title = _("Change time or place")
    submit_label = _("Save the change and tell everyone")
    success_message = _("Changed. Everyone on the lists was told.")

    row_name = "event"
    service = event_change

    def get_context_data(self, **kwargs):
        count = self.object.signups.filter(state__in=LIVE).count()
        return super().get_context_data(
            note=_("%(count)s people will be told when you submit this.") % {"count": count}, **kwargs
        )


class EventQuotasView(UpdateView):
    """Change the number of places or the balance; freed places are offered to people who wait."""

    model = MatchEvent
    form_class = EventQuotasForm
    rule = rules.can_change_published
    title = _("Change the number of places")
    submit_label = _("Change the number of places")
    success_message = _("Changed. The free places were offered to people on the waiting list.")

    row_name = "event"
    service = event_quotas_set
