"""Desk pages of events."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.actions.events import EVENT
from matchmaking.choices.events import HELD_STATES, PUBLIC_STATES, EventState
from matchmaking.filters.events import EventFilter
from matchmaking.forms.events import EventCreateForm, EventUpdateForm
from matchmaking.models import MatchEvent
from matchmaking.selectors.events import event_figures, with_counts
from matchmaking.selectors.pairs import pair_stages
from matchmaking.selectors.venues import venue_too_small
from matchmaking.services.events import event_create, event_update
from matchmaking.services.on_the_day import DOOR_STATES
from matchmaking.tables.events import EventTable
from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.members.selectors import second_persons
from portal.web.links import absolute
from portal.web.views import CapabilityMixin, CreateView, FormPageView, ListView, UpdateView


class EventListView(CapabilityMixin, ListView):
    model = MatchEvent
    area = Area.MATCHMAKING
    table_class = EventTable
    filterset_class = EventFilter
    template_name = "matchmaking/event_list.html"
    title = _("Events")
    create_url_name = "matchmaking:event-create"
    create_label = _("Plan an event")
    export_columns = (
        (_("Title"), "title"),
        (_("Organiser"), "organization__name"),
        (_("Series"), "series__name"),
        (_("Theme"), "theme__name"),
        (_("Begins"), "starts_at"),
        (_("Mode"), "get_mode_display"),
        (_("Target group"), "get_target_group_display"),
        (_("Venue"), "venue__name"),
        (_("State"), "get_state_display"),
        (_("Confirmed"), "people"),
        (_("Pairs"), "pairs_made"),
    )
    empty_title = _("No events here yet")
    empty_text = _("Plan an event: set quotas and times, have a second person approve it, then publish its link.")

    def get_queryset(self):
        return with_counts(super().get_queryset())


class WarnsOfVenueMixin:
    """Warn after saving when the venue holds fewer people than there are places."""

    def next_url(self, result):
        if venue_too_small(result):
            messages.warning(
                self.request,
                _("The venue holds %(capacity)s people, and the event has %(places)s places.")
                % {"capacity": result.venue.capacity, "places": result.men_quota + result.women_quota},
            )
        return super().next_url(result)


class EventCreateView(WarnsOfVenueMixin, CreateView):
    model = MatchEvent
    area = Area.MATCHMAKING
    form_class = EventCreateForm
    title = _("Plan an event")
    submit_label = _("Save the draft")
    success_message = _("The draft is saved. Submit it when it is ready; a second person then approves it.")

    service = event_create


class EventUpdateView(WarnsOfVenueMixin, UpdateView):
    model = MatchEvent
    form_class = EventUpdateForm
    rule = rules.can_change_details
    title = _("Edit the event")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "event"
    service = event_update


class EventDetailView(RecordView):
    """An event: its state, the next step and its figures."""

    model = MatchEvent
    actions = EVENT
    template_name = "matchmaking/event_detail.html"

    def get_title(self):
        return self.object.title

    def get_context_data(self, **kwargs):
        event, actor = self.object, self.request.user
        edits = rules.can_edit_event(actor, event)
        return super().get_context_data(
            figures=event_figures(event),
            waiting_for=self.waiting_for(event),
            link=absolute(event.get_member_url()),
            edits=edits,
            revealed=event.state in HELD_STATES,
            stages=pair_stages(event) if event.state in HELD_STATES else None,
            open_to_members=event.state in PUBLIC_STATES,
            pages=self.pages(event, actor) if edits else [],
            too_small=venue_too_small(event),
            **kwargs,
        )

    def facts_of(self, event):
        facts = [
            {"label": _("Organiser"), "value": event.organization.name},
            {"label": _("Mode"), "value": event.get_mode_display()},
            {"label": _("Series"), "value": event.series, "url": event.series and event.series.get_absolute_url()},
            {"label": _("Theme"), "value": event.theme},
            {"label": _("Venue"), "value": event.venue, "url": event.venue and event.venue.get_absolute_url()},
            {"label": _("Target group"), "value": event.get_target_group_display()},
            {"label": _("Places"), "value": _("%(men)s men, %(women)s women") % {
                "men": event.men_quota, "women": event.women_quota}},
            {"label": _("Choices per person"), "value": event.choices_per_person},
            {"label": _("Maximum difference between the two lists"), "value": event.balance_tolerance},
            {"label": _("Maximum number of people from one unit"), "value": event.unit_cap},
            {"label": _("Sign-ups are reviewed first"), "value": _("yes") if event.needs_review else ""},
        ]  # fmt: skip
        return [fact for fact in facts if fact["value"] not in (None, "")]

    @staticmethod
    def pages(event, actor):
        """Return the further pages of an event for its organisers, as dicts of url, label and icon."""

        def page(name, label, icon):
            return {"url": reverse(f"matchmaking:event-{name}", args=[event.pk]), "label": label, "icon": icon}

        found = []
        if event.state in DOOR_STATES:
            found += [page("door", _("At the entrance"), "door-enter"), page("seats", _("Round plan"), "armchair")]
        found.append(page("participants", _("Participants"), "users"))
        if event.needs_review:
            found.append(page("review", _("Sign-ups to review"), "user-question"))
        if event.restricted and rules.can_lead_event(actor, event):
            found.append(page("invitations", _("Invitations"), "mail"))
        if event.state == EventState.PUBLISHED:
            found.append(page("add", _("Add a member"), "user-plus"))
        found += [
            page("partners", _("Partners"), "heart-handshake"),
            page("costs", _("Costs"), "coin"),
            page("letters", _("Letters to participants"), "mail-opened"),
            page("sheet", _("Sign-in sheet"), "list-numbers"),
            page("document", _("Report of the event (.docx)"), "file-text"),
        ]
        return found

    @staticmethod
    def waiting_for(event):
        """Return who may approve the event, the nearest level first, while it waits for approval."""
        if event.state != EventState.SUBMITTED:
            return []
        return second_persons(event, Area.MATCHMAKING)[:5]


class OfEventMixin:
    """A page about one event that the reader may see, if ``event_rule`` allows it."""

    event_rule = staticmethod(rules.can_edit_event)

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            events = MatchEvent.objects.visible_to(request.user).for_list()
            self.event = get_object_or_404(events, pk=kwargs["pk"])
            if not self.event_rule(request.user, self.event):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def can_create(self):
        return False

    def get_context_data(self, **kwargs):
        return super().get_context_data(event=self.event, subtitle=self.event.title, **kwargs)


class OfEventFormView(OfEventMixin, FormPageView):
    """A form about one event that the reader may see."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back_url": self.event.get_absolute_url(), **kwargs})
