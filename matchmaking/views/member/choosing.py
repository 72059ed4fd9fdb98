"""Member pages of the choice round."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking.choices.events import EventState
from matchmaking.models import Pair, Participation
from matchmaking.selectors.choosing import own_choices
from matchmaking.services.choosing import choices_set
from matchmaking.services.participations import needs_consent
from matchmaking.views.member.events import OfMeetMixin
from matchmaking.views.member.participations import MeetMineMixin
from portal.core.errors import DomainError
from portal.core.text import whole_number
from portal.exchange.storage import file_response
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.signups.choices import SignUpState


class MeetChooseView(FreshRequiredMixin, MeetMineMixin, generic.TemplateView):
    """The cards of the other list, of which the participant chooses some.

    The choice can be changed until the round closes; its size is limited by ``choices_per_person``.
    """

    template_name = "matchmaking/meet_choose.html"
    title = _("Choose")

    def get(self, request, *args, **kwargs):
        if self.mine is None or self.event.state != EventState.CHOICE_OPEN or needs_consent(self.mine):
            return redirect(self.event.get_member_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        chosen = kwargs.pop("chosen", None)
        if chosen is None:
            chosen = own_choices(self.mine)
        cards = list(Participation.objects.candidates_of(self.mine))
        return super().get_context_data(
            cards=[
                {
                    "row": card,
                    "photo_url": reverse("matchmaking:meet-photo", args=[self.event.slug, card.pk])
                    if card.photo_id
                    else "",
                    "checked": card.pk in chosen,
                }
                for card in cards
            ],
            chosen=chosen,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if self.mine is None:
            return redirect(self.event.get_member_url())
        sent = [whole_number(value) for value in request.POST.getlist("chosen")]
        picked = [pk for pk in sent if pk is not None]
        order = request.POST.get("order", "").split(",")
        picked.sort(key=lambda pk: order.index(str(pk)) if str(pk) in order else len(order))
        try:
            count = choices_set(participation=self.mine, chosen=picked, actor=request.user)
        except DomainError as error:
            if self.event.state != EventState.CHOICE_OPEN:
                messages.error(request, error.message)
                return redirect(self.event.get_member_url())
            context = self.get_context_data(chosen=picked, error=error.message)
            return self.render_to_response(context, status=422)
        if count:
            messages.success(
                request, _("Your choice is saved. Nobody sees it. You can change it until the choice round closes.")
            )
        else:
            messages.success(request, _("You have chosen nobody. You can choose until the choice round closes."))
        return redirect(self.event.get_member_url())


class MeetPhotoView(OfMeetMixin, generic.View):
    """A photo on a card: the reader's own, a candidate's while the round is open, or a pair partner's."""

    def get(self, request, slug, pk):
        if self.event.restricted:
            raise Http404
        cards = Participation.objects.filter(offering=self.event).select_related("photo")
        card = get_object_or_404(cards, pk=pk, photo__isnull=False)
        if not self.may_see(card):
            raise Http404
        return file_response(card.photo)

    def may_see(self, card):
        if self.mine is None:
            return False
        if card.pk == self.mine.pk:
            return True
        if self.event.state == EventState.CHOICE_OPEN and self.mine.state == SignUpState.CONFIRMED:
            return Participation.objects.candidates_of(self.mine).filter(pk=card.pk).exists()
        return Pair.objects.standing_between(card.pk, self.mine.pk).exists()
