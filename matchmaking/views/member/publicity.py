"""Member pages of nominations to the media, which need the member's own consent."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking.choices.publicity import STANDING_NOMINATIONS, NominationState
from matchmaking.forms.publicity import NominationAnswerForm
from matchmaking.models import Nomination
from matchmaking.services.publicity import nomination_answer, nomination_take_back, purpose_of
from portal.web.own import OwnActionView, OwnFormView
from portal.web.views import ShellMixin


class NominationOwnView(ShellMixin, generic.ListView):
    """The media to which the member is proposed."""

    shell = "member"
    template_name = "matchmaking/nomination_own.html"
    title = _("Publicity about me")

    def get_queryset(self):
        return Nomination.objects.all().of(self.request.user).select_related("organization").order_by("-pk")[:50]


class OwnNominationMixin:
    """One of the member's nominations."""

    model = Nomination
    row_name = "nomination"

    def own_rows(self):
        return Nomination.objects.all().of(self.request.user).select_related("organization")

    def next_url(self, result):
        return reverse("matchmaking:nomination-answer", args=[self.object.pk])


class NominationAnswerView(OwnNominationMixin, OwnFormView):
    """What the member is asked to agree to, the answer, and a way to withdraw it."""

    template_name = "matchmaking/nomination_answer.html"
    form_class = NominationAnswerForm
    title = _("Being proposed to a medium")
    success_message = _("Your answer is saved.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            nomination=self.object,
            purpose=purpose_of(self.object),
            asked=self.object.state == NominationState.ASKED,
            standing=self.object.state in STANDING_NOMINATIONS,
            **kwargs,
        )

    def perform(self, form):
        agree = form.cleaned_data["answer"] == "yes"
        nomination_answer(nomination=self.object, actor=self.request.user, agree=agree)


class NominationTakeBackView(OwnNominationMixin, OwnActionView):
    service = nomination_take_back
    title = _("Withdraw my consent")
    consequence = _("From now on, no information about you may be passed on or published.")
    danger = True
    success_message = _("Consent withdrawn. The person who proposed you is told to stop using your information.")
