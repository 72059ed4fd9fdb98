"""Desk pages of the day of an event: check-in, seating, rounds."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import rules
from matchmaking.forms.on_the_day import DoorForm, RoundForm, SeatsForm
from matchmaking.models import MatchEvent, SeatPlan
from matchmaking.selectors.on_the_day import attendance, seats_by_table, seats_of_round
from matchmaking.services.on_the_day import (
    DOOR_STATES,
    Arrival,
    check_in,
    check_in_undo,
    row_of_code,
    row_of_token,
    seats_next,
    seats_people,
    seats_plan,
)
from portal.core import limits
from portal.core.text import mask_name
from portal.signups.choices import SignUpState
from portal.web.links import absolute
from portal.web.views import ActionView, DetailView, RowFormView, ShellMixin

TONES = {
    Arrival.COME_IN: "success",
    Arrival.ALREADY: "warning",
    Arrival.WRONG_EVENT: "error",
    Arrival.NOT_CONFIRMED: "error",
    Arrival.UNKNOWN: "error",
}
# Wrong codes that one organiser may type at one event in an hour.
UNKNOWN_CODES_PER_HOUR = 120


class EventDoorView(RowFormView):
    """Check-in: a code is typed or scanned, the answer is shown large, with the counts beside it."""

    model = MatchEvent
    form_class = DoorForm
    rule = rules.can_edit_event
    template_name = "matchmaking/event_door.html"
    title = _("At the entrance")

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        # The only page that may ask for the camera.
        response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"
        return response

    def get_context_data(self, **kwargs):
        event = self.object
        come = (
            event.signups.confirmed()
            .filter(checked_in_at__isnull=False)
            .select_related("member")
            .order_by("-checked_in_at")
        )
        missing = event.signups.filter(state=SignUpState.CONFIRMED, checked_in_at=None).order_by("pool", "place")
        return super().get_context_data(
            counts=attendance(event),
            last=[
                {
                    "row": row,
                    "name": mask_name(row.member.name),
                    "undo_url": reverse("matchmaking:event-door-undo", args=[event.pk, row.pk]),
                }
                for row in come[:8]
            ],
            missing=missing[:200],
            open_doors=event.state in DOOR_STATES,
            walk_in_link=absolute(reverse("matchmaking:meet-walk-in", args=[event.slug])),
            back_url=event.get_absolute_url(),
            **kwargs,
        )

    def form_valid(self, form):
        tries = limits.Limit("door.code", f"{self.object.pk}.{self.request.user.pk}", UNKNOWN_CODES_PER_HOUR, 3600)
        taken = limits.take(tries)
        row = row_of_code(self.object, form.cleaned_data["code"])
        if row is not None:
            taken.give_back()
        # The card number is no secret of the person's phone; the six digits of the ticket are.
        return self.answer(row, ticket=row is not None and row.code == form.cleaned_data["code"])

    def answer(self, row, *, ticket):
        """Show the result of the check-in instead of a next page: the next person already waits."""
        found = check_in(event=self.object, row=row, actor=self.request.user, ticket=ticket)
        context = self.get_context_data(
            form=self.form_class(), answer=found, tone=TONES[found.arrival], answered_at=timezone.now()
        )
        return self.render_to_response(context)


class DoorScanView(ShellMixin, generic.View):
    """The page behind the QR code of an admission ticket.

    An organiser confirms the check-in here; anybody else is refused.
    """

    def dispatch(self, request, *args, **kwargs):
        self.row = row_of_token(kwargs["token"])
        if request.user.is_authenticated:
            if self.row is None:
                raise Http404
            events = MatchEvent.objects.visible_to(request.user)
            self.event = get_object_or_404(events, pk=self.row.offering_id)
            if not rules.can_edit_event(request.user, self.row.offering):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        """Show the page without writing anything: the organiser has to confirm the check-in."""
        return self.page()

    def post(self, request, *args, **kwargs):
        found = check_in(event=self.event, row=self.row, actor=request.user, ticket=True)
        return self.page(found)

    def page(self, found=None):
        context = {
            "title": _("At the entrance"),
            "page": self,
            "event": self.event,
            "row": self.row,
            "name": mask_name(self.row.member.name) if self.row.state == SignUpState.CONFIRMED else "",
            "confirmed": self.row.state == SignUpState.CONFIRMED,
            "answer": found,
            "tone": TONES[found.arrival] if found else "",
            "door_url": reverse("matchmaking:event-door", args=[self.event.pk]),
        }
        return TemplateResponse(self.request, "matchmaking/event_door_scan.html", context)


class EventDoorUndoView(ActionView):
    """Undo a check-in that was a mistake."""

    model = MatchEvent
    rule = rules.can_edit_event
    title = _("Undo the check-in")
    action_label = _("Undo")
    consequence = _("The person then counts as not arrived, and can check in again.")
    success_message = _("Withdrawn.")

    def check(self, obj):
        super().check(obj)
        self.row = get_object_or_404(obj.signups.all(), pk=self.kwargs["row"])

    def perform(self, form):
        check_in_undo(row=self.row, actor=self.request.user)

    def back_url(self):
        return reverse("matchmaking:event-door", args=[self.object.pk])

    def next_url(self, result):
        return self.back_url()


class EventSeatsView(RowFormView):
    """The seat plan: make it, look at it round by round, begin the rounds."""

    model = MatchEvent
    form_class = SeatsForm
    rule = rules.can_edit_event
    template_name = "matchmaking/event_seats.html"
    title = _("Round plan")
    success_message = _("The seating plan is ready.")

    row_name = "event"
    service = seats_plan

    def get_context_data(self, **kwargs):
        event = self.object
        plan = SeatPlan.objects.filter(event=event).first()
        men, women = seats_people(event)
        shown = max(plan.current, 1) if plan else 0
        return super().get_context_data(
            plan=plan,
            men=len(men),
            women=len(women),
            seats=seats_of_round(plan, shown) if plan else [],
            shown=shown,
            back_url=event.get_absolute_url(),
            **kwargs,
        )

    def next_url(self, result):
        return reverse("matchmaking:event-seats", args=[self.object.pk])


class EventRoundView(RowFormView):
    """Begin the next round; a form sent twice begins one round."""

    model = MatchEvent
    form_class = RoundForm
    rule = rules.can_edit_event
    template_name = "components/confirm_page.html"
    title = _("Begin the next round")

    def plan(self):
        return get_object_or_404(SeatPlan, event=self.object)

    def get_initial(self):
        return {"after": self.plan().current}

    def get_context_data(self, **kwargs):
        plan = self.plan()
        return super().get_context_data(
            action_label=_("Begin"),
            consequence=_("Round %(number)s of %(count)s begins; everybody's phone shows their table number.")
            % {"number": plan.current + 1, "count": plan.rounds},
            back_url=reverse("matchmaking:event-seats", args=[self.object.pk]),
            **kwargs,
        )

    def perform(self, form):
        seats_next(plan=self.plan(), actor=self.request.user, after=form.cleaned_data["after"])

    def next_url(self, result):
        return reverse("matchmaking:event-seats", args=[self.object.pk])


class EventTableCardsView(DetailView):
    """A card to print for each table: who sits there in which round."""

    model = MatchEvent
    rule = rules.can_edit_event
    template_name = "matchmaking/event_table_cards.html"

    def get_context_data(self, **kwargs):
        plan = get_object_or_404(SeatPlan, event=self.object)
        return super().get_context_data(plan=plan, tables=seats_by_table(plan), **kwargs)
