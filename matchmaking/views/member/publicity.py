"""Member pages of nominations: proposed to the media with one's own agreement."""

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
    """Media to which she is proposed."""

    shell = "member"
    template_name = "matchmaking/nomination_own.html"
    title = _("Publicity about me")

    def get_queryset(self):
        return Nomination.objects.all().of(self.request.user).select_related("organization").order_by("-pk")[:50]


class OwnNominationMixin:
    """A nomination of hers."""

    model = Nomination
    row_name = "nomination"

    def own_rows(self):
        return Nomination.objects.all().of(self.request.user).select_related("organization")

    def next_url(self, result):
        return reverse("matchmaking:nomination-answer", args=[self.object.pk])


class NominationAnswerView(OwnNominationMixin, OwnFormView):
    """What she is asked to agree to, her answer, and the way to take it back."""

    template_name = "matchmaking/nomination_answer.html"
    form_class = NominationAnswerForm
    title = _("Being proposed to a medium")
    success_message = _("Your answer is kept.")

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
    title = _("Take my agreement back")
    consequence = _("From this moment nothing about you may be passed on or published.")
    danger = True
    success_message = _("Taken back. Whoever proposed you is told to stop.")
