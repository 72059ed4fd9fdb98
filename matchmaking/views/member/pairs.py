"""Member pages of pairs."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents, promises
from matchmaking.choices.pairs import STAGES, PairState
from matchmaking.forms.pairs import SayForm
from matchmaking.forms.participations import AgreeForm
from matchmaking.models import Pair
from matchmaking.selectors.pairs import pair_view
from matchmaking.selectors.participations import standing_consents
from matchmaking.services.pairs import pair_quiet, pair_say, pair_set
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.web.own import OwnActionView, OwnFormView
from portal.web.views import PerformMixin, ShellMixin


def own_side(pair, member):
    """Return what one of the two reads of the pair's state: what both say, and their own answer."""
    side = pair.side(member)
    says = getattr(pair, f"{side}_says")
    both_married = pair.one_says == pair.two_says == PairState.REGISTERED
    return {
        "state": pair.state,
        "state_label": pair.get_state_display(),
        "open": pair.state not in (PairState.REGISTERED, PairState.ENDED),
        "mine": PairState(says).label if says in STAGES and STAGES.index(says) > 0 else "",
        "waits": says in STAGES and says != pair.state and not both_married,
        "days_differ": both_married and pair.state != PairState.REGISTERED,
        "registered_on": pair.registered_on,
        "my_day": getattr(pair, f"{side}_registered_on"),
        "quiet": getattr(pair, f"{side}_quiet"),
    }


class PairDetailView(FreshRequiredMixin, PerformMixin, ShellMixin, generic.FormView):
    """One of the member's pairs: the other's card, the member's consents, and contact once both agreed."""

    shell = "member"
    template_name = "matchmaking/pair_detail.html"
    form_class = AgreeForm
    title = _("You chose each other")
    success_message = _("Your preferences are saved.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = (
                Pair.objects.of(request.user)
                .with_consents(standing_consents())
                .with_apart()
                .select_related("event", "one__member", "two__member", "one__photo", "two__photo")
            )
            pair = get_object_or_404(rows, pk=kwargs["pk"])
            self.seen = pair_view(pair, request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        return {"contact": self.seen.i_agreed, "matchmaker": self.seen.matchmaker_knows}

    def get_context_data(self, **kwargs):
        other = self.seen.other
        slug = self.seen.pair.event.slug
        photo = reverse("matchmaking:meet-photo", args=[slug, other.pk]) if self.seen.has_photo else ""
        return super().get_context_data(
            seen=self.seen,
            two=own_side(self.seen.pair, self.request.user),
            photo_url=photo,
            contact_purpose=consents.PAIR_CONTACT,
            matchmaker_purpose=consents.PAIR_MATCHMAKER,
            **kwargs,
        )

    def perform(self, form):
        pair_set(pair=self.seen.pair, actor=self.request.user, **form.cleaned_data)

    def next_url(self, result):
        return reverse("matchmaking:pair-detail", args=[self.seen.pair.pk])


class OwnPairMixin(FreshRequiredMixin):
    """One of the member's pairs; the member must have typed a code shortly before."""

    model = Pair
    row_name = "pair"

    def own_rows(self):
        return Pair.objects.of(self.request.user).select_related("event", "one__member", "two__member")

    def next_url(self, result):
        return reverse("matchmaking:pair-detail", args=[self.object.pk])


class PairSayView(OwnPairMixin, OwnFormView):
    """Say how the two are; the other person reads it only after saying the same."""

    template_name = "matchmaking/pair_say.html"
    form_class = SayForm
    service = pair_say
    title = _("How are the two of you?")
    success_message = _("Saved. It is shown to nobody until both of you have entered the same.")

    def get_initial(self):
        mine = own_side(self.object, self.request.user)
        side = self.object.side(self.request.user)
        says = getattr(self.object, f"{side}_says")
        return {"says": says if says != PairState.HAND_HOLDING else None, "on": mine["my_day"]}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            back_url=self.next_url(None),
            mine=own_side(self.object, self.request.user),
            parting=promises.PAIR_END.lines,
            **kwargs,
        )


class PairQuietView(OwnPairMixin, OwnActionView):
    """Close all follow-ups of the pair, at the member's wish."""

    service = pair_quiet
    title = _("No more follow-ups")
    consequence = promises.PAIR_QUIET.words
    success_message = _("There will be no more follow-ups. Nobody is told who asked for this.")
