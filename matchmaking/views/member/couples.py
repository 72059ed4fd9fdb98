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
    """A couple of the member that applies for a wedding."""

    model = WeddingCouple
    row_name = "couple"

    def next_url(self, result):
        return reverse("matchmaking:ceremony-detail", args=[self.object.wedding_id])


class CoupleConfirmView(OwnCoupleMixin, OwnFormView):
    """Answer as the person who was asked; nobody is told of a no."""

    template_name = "matchmaking/couple_confirm.html"
    form_class = CoupleConfirmForm
    title = _("Somebody invites you to take part in a group wedding together")

    def own_rows(self):
        return couples_asking(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(couple=self.object, purpose=consents.WEDDING, **kwargs)

    def perform(self, form):
        answer = couple_confirm if form.cleaned_data["answer"] == "yes" else couple_refuse
        answer(couple=self.object, actor=self.request.user)


class CoupleLeaveView(OwnCoupleMixin, OwnActionView):
    """Withdraw the application, as one of the two."""

    service = couple_leave
    title = _("Withdraw the application")
    consequence = _("Your place goes to the next couple on the waiting list. Nobody is told why.")
    danger = True
    success_message = _("The application was withdrawn.")

    def own_rows(self):
        return WeddingCouple.objects.all().of(self.request.user).live().select_related("wedding")
