"""Member pages of volunteer matchmakers."""

from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.forms.volunteers import PledgeForm, VolunteerApplyForm
from matchmaking.selectors.cases import volunteer_of
from matchmaking.services.volunteers import volunteer_apply, volunteer_pledge, volunteer_stop
from portal.web.views import ConfirmMixin, FormPageView, ShellMixin


class HelpingView(ShellMixin, generic.TemplateView):
    """The member's state as a matchmaker, and what comes next."""

    shell = "member"
    template_name = "matchmaking/helping_detail.html"
    title = _("Volunteering as a matchmaker")

    def get_context_data(self, **kwargs):
        mine = volunteer_of(self.request.user)
        if mine is not None and mine.state == VolunteerState.ENDED:
            mine = None
        steps = []
        if mine is not None:
            begun = mine.state != VolunteerState.APPLIED
            done = (True, mine.pledged_at is not None, mine.trained_on is not None, begun)
            words = (_("Applied"), _("Pledge signed"), _("Trained"), _("In service"))
            current = next((number for number, is_done in enumerate(done) if not is_done), len(done))
            steps = [
                {"label": label, "state": "done" if is_done else "current" if number == current else "next"}
                for number, (label, is_done) in enumerate(zip(words, done, strict=True))
            ]
        return super().get_context_data(mine=mine, steps=steps, pledge=consents.PLEDGE, **kwargs)


class HelpingFormView(FormPageView):
    shell = "member"
    success_url = reverse_lazy("matchmaking:helping-detail")
    back_url = success_url


class HelpingApplyView(HelpingFormView):
    form_class = VolunteerApplyForm
    title = _("I want to help")
    submit_label = _("Apply")
    success_message = _("Thank you. Please sign the pledge now; your union will then invite you to a training.")

    def perform(self, form):
        return volunteer_apply(member=self.request.user, **form.cleaned_data)


class OfMineMixin:
    """A page for volunteers; others are redirected to the page where members apply."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.mine = volunteer_of(request.user)
            if self.mine is None or self.mine.state == VolunteerState.ENDED:
                return redirect("matchmaking:helping-detail")
        return super().dispatch(request, *args, **kwargs)


class HelpingPledgeView(OfMineMixin, HelpingFormView):
    template_name = "matchmaking/helping_pledge.html"
    form_class = PledgeForm
    title = _("The pledge")
    submit_label = _("Sign the pledge")
    success_message = _("You have signed the pledge.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=consents.PLEDGE, **kwargs)

    def perform(self, form):
        return volunteer_pledge(volunteer=self.mine, actor=self.request.user)


class HelpingStopView(ConfirmMixin, OfMineMixin, HelpingFormView):
    title = _("Stop being a matchmaker")
    consequence = _("The people assigned to you are handed back, and you no longer see any of their information.")
    danger = True
    success_message = _("Thank you for everything. The people assigned to you have been handed back.")

    def back_url(self):
        return self.success_url

    def perform(self, form):
        return volunteer_stop(member=self.request.user)
