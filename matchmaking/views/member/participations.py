"""Member pages of participations in events."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents, promises
from matchmaking.forms.participations import AcceptForm, AgreeAnewForm, JoinForm
from matchmaking.selectors.participations import waiting_ahead
from matchmaking.services.participations import consent_renew, event_join, event_leave, needs_consent, offer_accept
from matchmaking.views.member.events import OfMeetMixin
from portal.signups.choices import SignUpState
from portal.web.views import ConfirmMixin, PerformMixin


class MeetJoinView(PerformMixin, OfMeetMixin, generic.FormView):
    """Sign up with a card and a consent; a form sent twice makes one sign-up."""

    template_name = "matchmaking/meet_join.html"
    form_class = JoinForm
    title = _("Sign up for this event")

    def get(self, request, *args, **kwargs):
        if self.mine:
            return redirect(self.event.get_member_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        refusal = "" if self.mine else self.event.refusal(self.request.user, timezone.now())
        return super().get_context_data(purpose=consents.event_purpose(self.event), refusal=refusal, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "photos": not self.event.restricted}

    def perform(self, form):
        data = form.cleaned_data
        event_join(
            event=self.event,
            member=self.request.user,
            actor=self.request.user,
            line=data["line"],
            photo=data.get("photo"),
        )

    def next_url(self, result):
        return reverse("matchmaking:meet-joined", args=[self.event.slug])


class MeetJoinedView(OfMeetMixin, generic.TemplateView):
    """The receipt: the state of the sign-up and what happens next."""

    template_name = "matchmaking/meet_joined.html"
    title = _("You have signed up")

    def get(self, request, *args, **kwargs):
        if self.mine is None:
            return redirect(self.event.get_member_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        event = self.event
        confirmed = self.mine.state == SignUpState.CONFIRMED
        steps = [
            {"words": _("Sign-up closes"), "at": event.signup_closes_at},
            {"words": _("The choice round opens: you look at the other cards and choose"), "at": event.choice_opens_at},
            {"words": _("The choice round closes, and you get one message"), "at": event.choice_closes_at},
        ]
        if self.mine.state == SignUpState.APPLIED:
            first = [{"words": _("The organiser reviews your sign-up, and you get a message"), "at": None}]
            return super().get_context_data(next_steps=first + steps, ahead=0, **kwargs)
        waiting = [{"words": _("When a place becomes free, it is reserved for you for 48 hours"), "at": None}]
        return super().get_context_data(
            next_steps=steps if confirmed else waiting + steps,
            ahead=0 if confirmed else waiting_ahead(self.mine),
            **kwargs,
        )


class MeetMineMixin(OfMeetMixin):
    """A page for members who have signed up; others are redirected to the event."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        if request.user.is_authenticated and self.mine is None and response.status_code == 200:
            return redirect(self.event.get_member_url())
        return response


class MeetActionView(ConfirmMixin, PerformMixin, MeetMineMixin, generic.FormView):
    """One action on the member's sign-up."""

    row_name = "participation"

    @property
    def object(self):
        return self.mine

    def post(self, request, *args, **kwargs):
        if self.mine is None:
            return redirect(self.event.get_member_url())
        return super().post(request, *args, **kwargs)

    def back_url(self):
        return self.event.get_member_url()

    def next_url(self, result):
        return self.event.get_member_url()


class MeetAcceptView(MeetActionView):
    """Take an offered place; a member put on the list by staff writes the card and consents here."""

    template_name = "matchmaking/meet_accept.html"
    form_class = AcceptForm
    title = _("Confirm the place")
    action_label = _("Confirm the place")
    consequence = _("A place is reserved for you. You can confirm it or leave it to the next person.")
    success_message = _("The place is yours.")

    def get_form_kwargs(self):
        mine = self.mine
        return {
            **super().get_form_kwargs(),
            "asks_line": bool(mine and not mine.line),
            "asks_consent": bool(mine and needs_consent(mine)),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=consents.event_purpose(self.event), **kwargs)

    def perform(self, form):
        offer_accept(
            participation=self.mine,
            actor=self.request.user,
            line=form.cleaned_data.get("line", ""),
            agreed=form.cleaned_data.get("agree", False),
        )


class MeetAgreeView(MeetActionView):
    """Renew the consent after the purpose of the event has changed."""

    template_name = "matchmaking/meet_accept.html"
    form_class = AgreeAnewForm
    title = _("Agree again")
    action_label = _("Agree and continue")
    consequence = _(
        "The purpose of the event has changed. Your card is not shown until you agree. You can also leave the event."
    )
    success_message = _("Thank you. Your card is shown again.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=consents.event_purpose(self.event), **kwargs)

    def perform(self, form):
        consent_renew(participation=self.mine, actor=self.request.user)


class MeetLeaveView(MeetActionView):
    service = event_leave
    title = _("Leave the event")
    action_label = _("Leave the event")
    consequence = promises.EVENT_LEAVE.words
    danger = True
    success_message = _("You have left the event.")
