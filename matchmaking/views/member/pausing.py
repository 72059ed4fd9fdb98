"""Member pages to start, pause and leave with one's own profile."""

from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import promises
from matchmaking.choices.profiles import ProfileState
from matchmaking.models import Participation
from matchmaking.services.profiles import profile_exit, profile_matched, profile_pause, profile_return, profile_start
from matchmaking.views.member.singles import OfSingleMixin
from portal.web.views import ConfirmMixin, PerformMixin


class ProfileActionView(ConfirmMixin, PerformMixin, OfSingleMixin, generic.FormView):
    """One action on the member's own profile."""

    success_url = reverse_lazy("matchmaking:single-home")
    row_name = "profile"

    def get(self, request, *args, **kwargs):
        return redirect(self.success_url) if self.mine is None else super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return redirect(self.success_url) if self.mine is None else super().post(request, *args, **kwargs)

    def prepare(self, request):
        self.object = self.mine

    def back_url(self):
        return self.success_url


class SingleStartView(ProfileActionView):
    service = profile_start
    title = _("Let others find me")
    action_label = _("Let others find me")
    consequence = _("From now on, verified singles can find your card if you meet each other's requirements.")
    success_message = _("From now on you can find others, and others can find you.")


class SinglePauseView(ProfileActionView):
    service = profile_pause
    title = _("Pause for a while")
    action_label = _("Pause for a while")
    consequence = _("Nobody can find you until you resume. Nothing in your profile is lost, and nobody is told.")
    success_message = _("Paused. Nobody can find you until you resume.")


class SingleMatchedView(ProfileActionView):
    service = profile_matched
    title = _("I am in a relationship")
    action_label = _("I am in a relationship")
    consequence = promises.PROFILE_MATCHED.words
    success_message = _("All the best to you both.")


class SingleReturnView(ProfileActionView):
    service = profile_return
    title = _("Rejoin")
    action_label = _("Rejoin")
    consequence = _("Your profile becomes a draft again. Check it, sign the declaration and submit it again.")
    success_message = _("Welcome back. Check your profile and submit it.")


class SingleLeaveView(ProfileActionView):
    """Leave matchmaking; a member without a profile finds their events here, to leave them too."""

    service = profile_exit
    template_name = "matchmaking/single_leave.html"
    title = _("Leave matchmaking")
    action_label = _("Leave now")
    consequence = promises.PROFILE_LEAVE.words
    danger = True
    success_message = _("You have left matchmaking. All the best.")

    def get(self, request, *args, **kwargs):
        return generic.FormView.get(self, request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        signups = Participation.objects.own(self.request.user).select_related("offering").order_by("-pk")[:20]
        leaves = self.mine is not None and self.mine.state != ProfileState.EXITED
        return super().get_context_data(signups=signups, leaves=leaves, **kwargs)
