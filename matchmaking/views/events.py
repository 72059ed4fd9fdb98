"""Events on the desk."""

import segno
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import forms, rules, selectors, services
from matchmaking.choices import HELD_STATES, PUBLIC_STATES, EventState, Pool
from matchmaking.filters import EventFilter, ParticipationFilter
from matchmaking.models import EventMatchmaker, MatchEvent, Pair, Participation
from matchmaking.tables import EventTable, PairTable, ParticipationTable
from portal.audit.gate import can_step
from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.core.text import mask_name
from portal.members.selectors import holders
from portal.web.links import absolute
from portal.web.views import (
    MAX_PK,
    CapabilityMixin,
    CreateView,
    DetailView,
    ListView,
    RowFormView,
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
HISTORY_WORDS = {"matchmakers": _("Matchmakers chosen"), "assign": _("Participants shared"), "reveal": _("Pairs found")}


class EventListView(CapabilityMixin, ListView):
    model = MatchEvent
    area = Area.MATCHMAKING
    table_class = EventTable
    filterset_class = EventFilter
    title = _("Events")
    create_url_name = "matchmaking:event-create"
    create_label = _("Plan an event")
    empty_title = _("No events here yet")
    empty_text = _("Plan one: set quotas and times, have a second person approve it, and publish its link.")

    def get_queryset(self):
        return selectors.with_counts(super().get_queryset())


class EventCreateView(CreateView):
    model = MatchEvent
    area = Area.MATCHMAKING
    form_class = forms.EventCreateForm
    title = _("Plan an event")
    submit_label = _("Save the draft")
    success_message = _("The draft is saved. Submit it when it is ready: a second person approves it.")
    success_url = None

    def get_initial(self):
        paths = self.request.user.reach(Area.MATCHMAKING, Capability.EDIT)
        own = next((duty.organization_id for duty in self.request.user.duties if duty.organization.path in paths), None)
        return {"organization": own}

    def perform(self, form):
        return services.event_create(actor=self.request.user, **form.cleaned_data)


class EventUpdateView(UpdateView):
    model = MatchEvent
    form_class = forms.EventUpdateForm
    rule = rules.can_change_details
    title = _("Edit the event")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")
    success_url = None

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": MatchEvent.objects.get(pk=self.object.pk)}

    def get_initial(self):
        return {"version": self.object.version}

    def perform(self, form):
        return services.event_update(actor=self.request.user, event=self.object, **form.cleaned_data)


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
            open_to_members=event.state in PUBLIC_STATES,
            **kwargs,
        )

    @staticmethod
    def facts(event):
        return [
            {"label": _("Held by"), "value": event.organization.name},
            {"label": _("Mode"), "value": event.get_mode_display()},
            {"label": _("Places"), "value": _("%(men)s men, %(women)s women") % {
                "men": event.men_quota, "women": event.women_quota}},
            {"label": _("Choices per person"), "value": event.choices_per_person},
        ]  # fmt: skip

    @staticmethod
    def step_line(event):
        if event.state in (EventState.CANCELLED, EventState.RETURNED):
            stopped = {"label": event.get_state_display(), "state": "stopped", "note": event.return_reason}
            return [{"label": EventState.DRAFT.label, "state": "done"}, stopped]
        now = STEPS.index(event.state)
        times = {
            EventState.PUBLISHED: event.signup_opens_at,
            EventState.SIGNUP_CLOSED: event.signup_closes_at,
            EventState.CHOICE_OPEN: event.choice_opens_at,
            EventState.REVEALED: event.choice_closes_at,
        }
        return [
            {
                "label": state.label,
                "state": "done" if index < now else "current" if index == now else "next",
                "at": times.get(state),
            }
            for index, state in enumerate(STEPS)
        ]

    @staticmethod
    def waiting_for(event):
        """Return who may approve, the nearest level first, while the event waits for it."""
        if event.state != EventState.SUBMITTED:
            return []
        but = {event.submitted_by_id, event.created_by_id}
        return holders(Area.MATCHMAKING, Capability.APPROVE, event.organization, but=but)[:5]

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
                (EventState.CHOICE_OPEN, step("open-choice", _("Open the choice round now"), "heart")),
                (EventState.REVEALED, step("reveal", _("Close the round and reveal"), "sparkles")),
                (EventState.CLOSED, step("close", _("Close the event"), "circle-check")),
                (EventState.CANCELLED, step("cancel", _("Cancel the event"), "x", danger=True)),
            )
            steps += [found for target, found in later if can_step(event, target, actor)]
        primary = steps[0] if steps and not steps[0]["danger"] else None
        return primary, steps[1:] if primary else steps


class OfEventMixin:
    """A list about one event the reader may see."""

    event_rule = staticmethod(rules.can_edit_event)

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            events = MatchEvent.objects.visible_to(request.user).for_list()
            self.event = get_object_or_404(events, pk=min(kwargs["pk"], MAX_PK))
            if not self.event_rule(request.user, self.event):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def can_create(self):
        return False

    def get_context_data(self, **kwargs):
        return super().get_context_data(event=self.event, subtitle=self.event.title, **kwargs)


def masked_name(row):
    """The name as it leaves the portal."""
    return mask_name(row.member.name)


def pool_words(row):
    """The list she is on, in words."""
    return Pool(row.pool).label


class EventParticipantsView(OfEventMixin, ListView):
    """Who takes part, for who holds the event."""

    model = Participation
    table_class = ParticipationTable
    filterset_class = ParticipationFilter
    title = _("Participants")
    narrowed = False
    export_columns = (
        (_("Card number"), "number"),
        (_("Full name (masked)"), masked_name),
        (_("List"), pool_words),
        (_("Unit"), "member__organization__name"),
        (_("Age"), "age"),
        (_("State"), "get_state_display"),
        (_("Matchmaker"), "matchmaker__member__name"),
    )
    empty_title = _("Nobody has signed up yet")
    empty_text = _("Pass on the link or print the poster.")

    def get_queryset(self):
        return super().get_queryset().filter(offering=self.event)

    def export_title(self):
        return f"{self.title} {self.event.title}"


class EventPairsView(OfEventMixin, ListView):
    """The pairs of an event: rows without names."""

    model = Pair
    table_class = PairTable
    title = _("Pairs")
    narrowed = False
    empty_title = _("No pairs yet")
    empty_text = _("Pairs are found when the choice round is revealed. Names are seen by the two alone.")

    def get_queryset(self):
        pairs = super().get_queryset().filter(event=self.event)
        return pairs.with_consents(selectors.standing_consents()).order_by("pk")


class EventMatchmakersView(RowFormView):
    """The volunteers of an event, and how the participants are shared among them."""

    model = MatchEvent
    form_class = forms.MatchmakersForm
    rule = rules.can_edit_event
    template_name = "matchmaking/event_matchmakers.html"
    title = _("Matchmakers")
    submit_label = _("Save and share the participants")
    success_message = _("Saved. The participants are shared evenly.")
    success_url = None

    def get_initial(self):
        return {"members": self.object.matchmakers.filter(valid_until=None).values_list("member_id", flat=True)}

    def perform(self, form):
        services.matchmakers_set(event=self.object, members=form.cleaned_data["members"], actor=self.request.user)

    def get_context_data(self, **kwargs):
        rows = EventMatchmaker.objects.filter(event=self.object, valid_until=None).for_list()
        rows = selectors.with_load(rows).order_by("member__pinyin", "pk")
        return super().get_context_data(rows=rows, subtitle=self.object.title, **kwargs)


class EventPosterView(DetailView):
    """A poster to print: title, time, and the link as a QR code."""

    model = MatchEvent
    rule = rules.can_edit_event
    template_name = "matchmaking/event_poster.html"

    def get_queryset(self):
        return super().get_queryset().public()

    def get_context_data(self, **kwargs):
        return super().get_context_data(link=absolute(self.object.get_member_url()), **kwargs)


class EventQrView(DetailView):
    """The link of a public event as a QR code (SVG)."""

    model = MatchEvent
    rule = rules.can_edit_event

    def get_queryset(self):
        return super().get_queryset().public()

    def get(self, request, *args, **kwargs):
        event = self.get_object()
        code = segno.make(absolute(event.get_member_url()), error="m")
        response = HttpResponse(content_type="image/svg+xml")
        code.save(response, kind="svg", scale=8, border=2, xmldecl=False, svgclass=None, lineclass=None)
        return response
