"""Member pages of couples who apply for a group wedding."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.forms.couples import CoupleConfirmForm
from matchmaking.models import WeddingCouple
from matchmaking.selectors.couples import couples_asking
from matchmaking.services.couples import couple_confirm, couple_leave, couple_refuse
from portal.web.own import OwnActionView, OwnFormView


class OwnCoupleMixin:
    """A couple of hers that applies for a wedding."""

    model = WeddingCouple
    row_name = "couple"

    def next_url(self, result):
        return reverse("matchmaking:ceremony-detail", args=[self.object.wedding_id])


class CoupleConfirmView(OwnCoupleMixin, OwnFormView):
    """The other one answers; a no is told to nobody."""

    template_name = "matchmaking/couple_confirm.html"
    form_class = CoupleConfirmForm
    title = _("You are asked to marry together")

    def own_rows(self):
        return couples_asking(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(couple=self.object, purpose=consents.WEDDING, **kwargs)

    def perform(self, form):
        answer = couple_confirm if form.cleaned_data["answer"] == "yes" else couple_refuse
        answer(couple=self.object, actor=self.request.user)


class CoupleLeaveView(OwnCoupleMixin, OwnActionView):
    """One of the two takes the application back."""

    service = couple_leave
    title = _("Take the application back")
    consequence = _("Your place goes to the next couple in line. Nobody is told why.")
    danger = True
    success_message = _("The application is taken back.")

    def own_rows(self):
        return WeddingCouple.objects.all().of(self.request.user).live().select_related("wedding")
