"""Desk pages of copies of events and changes of public events."""

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
    submit_label = _("Make a new draft")
    success_message = _("The draft is made. Its facts and partners are copied; people and costs are not.")

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
    """Time, place or link of an event that is approved or public; everyone on its lists is told."""

    model = MatchEvent
    form_class = EventChangeForm
    rule = rules.can_change_published
    title = _("Change time or place")
    submit_label = _("Change it and tell everyone")
    success_message = _("Changed. Everyone on the lists was told.")

    row_name = "event"
    service = event_change

    def get_context_data(self, **kwargs):
        count = self.object.signups.filter(state__in=LIVE).count()
        return super().get_context_data(
            note=_("%(count)s people are told when you send this.") % {"count": count}, **kwargs
        )


class EventQuotasView(UpdateView):
    """More places or fewer, another balance: freed places are offered to whoever waits."""

    model = MatchEvent
    form_class = EventQuotasForm
    rule = rules.can_change_published
    title = _("Change places")
    submit_label = _("Change places")
    success_message = _("Changed. Whoever waits has been offered what got free.")

    row_name = "event"
    service = event_quotas_set
