"""Events on the desk."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import forms, rules, selectors, services
from matchmaking.choices import HELD_STATES, PUBLIC_STATES, EventMode, EventState
from matchmaking.filters import EventFilter
from matchmaking.models import MatchEvent
from matchmaking.tables import EventTable
from portal.audit.gate import can_step
from portal.audit.selectors import history
from portal.core.choices import Area
from portal.core.steps import place_in
from portal.members.selectors import second_persons
from portal.web.links import absolute
from portal.web.views import (
    CapabilityMixin,
    CreateView,
    DetailView,
    ListView,
    UpdateView,
)

STEPS = (
    EventState.DRAFT,
    EventState.SUBMITTED,
    EventState.APPROVED,
    EventState.PUBLISHED,
    EventState.SIGNUP_CLOSED,
    EventState.SHORTLISTED,
    EventState.RUNNING,
    EventState.CHOICE_OPEN,
    EventState.REVEALED,
    EventState.CLOSED,
    EventState.REPORTED,
)
HISTORY_WORDS = {
    "matchmakers": _("Matchmakers chosen"),
    "assign": _("Participants shared"),
    "reveal": _("Pairs found"),
    "change": _("Time or place changed"),
    "quotas": _("Places changed"),
    "invite": _("The invited were told"),
    "sheet": _("Sign-in sheet taken out"),
}
# Deeds that are never the one next step.
ASIDE = ("calendar-clock", "users-plus", "copy")


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
        (_("Held by"), "organization__name"),
        (_("Series"), "series__name"),
        (_("Theme"), "theme__name"),
        (_("Begins"), "starts_at"),
        (_("Mode"), "get_mode_display"),
        (_("For whom"), "get_target_group_display"),
        (_("Venue"), "venue__name"),
        (_("State"), "get_state_display"),
        (_("Confirmed"), "people"),
        (_("Pairs"), "pairs_made"),
    )
    empty_title = _("No events here yet")
    empty_text = _("Plan one: set quotas and times, have a second person approve it, and publish its link.")

    def get_queryset(self):
        return selectors.with_counts(super().get_queryset())


class WarnsOfVenueMixin:
    """Says after saving that the venue holds fewer people than there are places."""

    def next_url(self, result):
        if selectors.venue_too_small(result):
            messages.warning(
                self.request,
                _("The venue holds %(capacity)s people, and there are %(places)s places.")
                % {"capacity": result.venue.capacity, "places": result.men_quota + result.women_quota},
            )
        return super().next_url(result)


class EventCreateView(WarnsOfVenueMixin, CreateView):
    model = MatchEvent
    area = Area.MATCHMAKING
    form_class = forms.EventCreateForm
    title = _("Plan an event")
    submit_label = _("Save the draft")
    success_message = _("The draft is saved. Submit it when it is ready: a second person approves it.")

    service = services.event_create


class EventUpdateView(WarnsOfVenueMixin, UpdateView):
    model = MatchEvent
    form_class = forms.EventUpdateForm
    rule = rules.can_change_details
    title = _("Edit the event")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "event"
    service = services.event_update


class EventDetailView(DetailView):
    """An event: where it stands, the next step, its figures."""

    model = MatchEvent
    template_name = "matchmaking/event_detail.html"

    def get_title(self):
        return self.object.title

    def get_context_data(self, **kwargs):
        event, actor = self.object, self.request.user
        edits = rules.can_edit_event(actor, event)
        primary, menu = self.actions(event, actor, edits)
        return super().get_context_data(
            figures=selectors.event_figures(event),
            steps=self.step_line(event),
            primary=primary,
            menu=menu,
            facts=self.facts(event),
            entries=history(event, HISTORY_WORDS),
            waiting_for=self.waiting_for(event),
            link=absolute(event.get_member_url()),
            edits=edits,
            revealed=event.state in HELD_STATES,
            stages=selectors.pair_stages(event) if event.state in HELD_STATES else None,
            open_to_members=event.state in PUBLIC_STATES,
            pages=self.pages(event, actor) if edits else [],
            too_small=selectors.venue_too_small(event),
            **kwargs,
        )

    @staticmethod
    def facts(event):
        facts = [
            {"label": _("Held by"), "value": event.organization.name},
            {"label": _("Mode"), "value": event.get_mode_display()},
            {"label": _("Series"), "value": event.series, "url": event.series and event.series.get_absolute_url()},
            {"label": _("Theme"), "value": event.theme},
            {"label": _("Venue"), "value": event.venue, "url": event.venue and event.venue.get_absolute_url()},
            {"label": _("For whom"), "value": event.get_target_group_display()},
            {"label": _("Places"), "value": _("%(men)s men, %(women)s women") % {
                "men": event.men_quota, "women": event.women_quota}},
            {"label": _("Choices per person"), "value": event.choices_per_person},
            {"label": _("How many more on one list than on the other, at most"), "value": event.balance_tolerance},
            {"label": _("People of one unit, at most"), "value": event.unit_cap},
            {"label": _("Sign-ups are reviewed first"), "value": _("yes") if event.needs_review else ""},
        ]  # fmt: skip
        return [fact for fact in facts if fact["value"] not in (None, "")]

    @staticmethod
    def pages(event, actor):
        """Return the further pages of an event for its organisers: label, url, icon."""

        def page(name, label, icon):
            return {"url": reverse(f"matchmaking:event-{name}", args=[event.pk]), "label": label, "icon": icon}

        found = []
        if event.state in services.DOOR_STATES:
            found += [page("door", _("At the door"), "door-enter"), page("seats", _("Round plan"), "armchair")]
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
    def steps_of(event):
        """Return the steps that apply: settling a list that is judged, opening doors where there are some."""
        judged = event.needs_review or event.state == EventState.SHORTLISTED
        doors = event.mode == EventMode.OFFLINE or event.state == EventState.RUNNING
        left_out = {EventState.SHORTLISTED: not judged, EventState.RUNNING: not doors}
        return [state for state in STEPS if not left_out.get(state)]

    @classmethod
    def step_line(cls, event):
        if event.state in (EventState.CANCELLED, EventState.RETURNED):
            stopped = {"label": event.get_state_display(), "state": "stopped", "note": event.return_reason}
            return [{"label": EventState.DRAFT.label, "state": "done"}, stopped]
        line = cls.steps_of(event)
        now = place_in(line, event.state)
        times = {
            EventState.PUBLISHED: event.signup_opens_at,
            EventState.SIGNUP_CLOSED: event.signup_closes_at,
            EventState.RUNNING: event.starts_at,
            EventState.CHOICE_OPEN: event.choice_opens_at,
            EventState.REVEALED: event.choice_closes_at,
        }
        return [
            {
                "label": state.label,
                "state": "done" if index < now else "current" if index == now else "next",
                "at": times.get(state),
            }
            for index, state in enumerate(line)
        ]

    @staticmethod
    def waiting_for(event):
        """Return who may approve, the nearest level first, while the event waits for it."""
        if event.state != EventState.SUBMITTED:
            return []
        return second_persons(event, Area.MATCHMAKING)[:5]

    @staticmethod
    def actions(event, actor, edits):
        """Return the primary action and the menu: the steps possible now, for her."""

        def step(name, label, icon, danger=False):
            return {
                "url": reverse(f"matchmaking:event-{name}", args=[event.pk]),
                "label": label,
                "icon": icon,
                "danger": danger,
            }

        steps = []
        if edits and event.state == EventState.RUNNING:
            # While people come in, the round of choices is not what comes next.
            steps.append(step("door", _("At the door"), "door-enter"))
        if edits and event.state in (EventState.DRAFT, EventState.RETURNED):
            steps += [step("submit", _("Submit for approval"), "send"), step("update", _("Edit"), "edit")]
        if event.state == EventState.SUBMITTED and rules.can_approve_event(actor, event):
            steps += [
                step("approve", _("Approve"), "check"),
                step("return", _("Return with a reason"), "arrow-back-up"),
            ]
        if edits:
            later = (
                (EventState.PUBLISHED, step("publish", _("Publish"), "speakerphone")),
                (EventState.SIGNUP_CLOSED, step("close-sign-up", _("Close sign-up now"), "lock")),
                (EventState.SHORTLISTED, step("settle", _("Settle the list"), "list-check")),
                (EventState.RUNNING, step("begin", _("Open the doors"), "door-enter")),
                (EventState.CHOICE_OPEN, step("open-choice", _("Open the choice round now"), "heart")),
                (EventState.REVEALED, step("reveal", _("Close the round and reveal"), "sparkles")),
                (EventState.CLOSED, step("close", _("Close the event"), "circle-check")),
                (EventState.REPORTED, step("report", _("File the report"), "report")),
                (EventState.CANCELLED, step("cancel", _("Cancel the event"), "x", danger=True)),
            )
            applying = {*EventDetailView.steps_of(event), EventState.CANCELLED}
            steps += [found for target, found in later if target in applying and can_step(event, target, actor)]
            if rules.can_change_published(actor, event):
                steps += [
                    step("change", _("Change time or place"), "calendar-clock"),
                    step("quotas", _("Change places"), "users-plus"),
                ]
            steps.append(step("copy", _("Copy the event"), "copy"))
        first = steps[0] if steps else None
        primary = first if first and not first["danger"] and first["icon"] not in ASIDE else None
        return primary, steps[1:] if primary else steps
