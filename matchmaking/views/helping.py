"""A member who helps, or would like to; and a single's page about who looks after her."""

from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents
from matchmaking.choices.matchmakers import VolunteerState
from matchmaking.forms.matchmakers import CallForm, PledgeForm, VolunteerApplyForm
from matchmaking.selectors.caseload import my_helper, volunteer_of
from matchmaking.services.cases import case_ask, case_contact_set, case_leave
from matchmaking.services.volunteers import volunteer_apply, volunteer_pledge, volunteer_stop
from matchmaking.views.singles import OfSingleMixin
from portal.members.views.sign_in import FreshRequiredMixin
from portal.web.views import ConfirmMixin, FormPageView, ShellMixin


class HelpingView(ShellMixin, generic.TemplateView):
    """Where she stands as a matchmaker, and what comes next."""

    shell = "member"
    template_name = "matchmaking/helping_detail.html"
    title = _("Helping as a matchmaker")

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
    success_message = _("Thank you. Sign the pledge now; your union then invites you to a training.")

    def perform(self, form):
        return volunteer_apply(member=self.request.user, **form.cleaned_data)


class OfMineMixin:
    """A page for who is a volunteer; others are sent to where one becomes one."""

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
    title = _("Stop helping")
    consequence = _("Your people are handed back, and you see nothing of them any more.")
    danger = True
    success_message = _("Thank you for everything. Your people have been handed back.")

    def back_url(self):
        return self.success_url

    def perform(self, form):
        return volunteer_stop(member=self.request.user)


class MyHelperView(FreshRequiredMixin, OfSingleMixin, FormPageView):
    """Who looks after her, what that person sees, and whether she may call."""

    needs_profile = True
    template_name = "matchmaking/my_matchmaker_detail.html"
    form_class = CallForm
    title = _("My matchmaker")
    success_url = reverse_lazy("matchmaking:my-matchmaker-detail")
    success_message = _("Your wishes are kept.")

    def get_initial(self):
        helper = my_helper(self.request.user)
        return {"agree": helper is not None and helper.may_call}

    def get_context_data(self, **kwargs):
        helper = my_helper(self.request.user)
        return super().get_context_data(helper=helper, purpose=consents.CASE_CONTACT, **kwargs)

    def perform(self, form):
        return case_contact_set(member=self.request.user, **form.cleaned_data)


class MyHelperActionView(ConfirmMixin, OfSingleMixin, FormPageView):
    needs_profile = True
    success_url = reverse_lazy("matchmaking:my-matchmaker-detail")

    def back_url(self):
        return self.success_url


class MyHelperLeaveView(MyHelperActionView):
    title = _("I want no matchmaker")
    consequence = _("She sees nothing of you any more and is not told why. You are given to nobody else.")
    danger = True
    success_message = _("Nobody looks after you any more.")

    def perform(self, form):
        return case_leave(member=self.request.user)


class MyHelperAskView(MyHelperActionView):
    title = _("I would like a matchmaker")
    consequence = _(
        "When singles are shared next, you are given to a matchmaker. She sees your profile, not your name."
    )
    success_message = _("You are given to a matchmaker when singles are shared next.")

    def perform(self, form):
        return case_ask(member=self.request.user)
