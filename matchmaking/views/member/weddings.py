"""Member pages of group weddings."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents
from matchmaking.choices.couples import CoupleState
from matchmaking.choices.weddings import WeddingState
from matchmaking.forms.couples import CoupleAskForm
from matchmaking.models import GroupWedding
from matchmaking.selectors.couples import before_in_line, couple_of, couples_asking, other_name
from matchmaking.selectors.weddings import weddings_for
from matchmaking.services.couples import couple_ask
from portal.web.views import PerformMixin, ShellMixin


class CeremonyListView(ShellMixin, generic.ListView):
    """Weddings open to the member, and those that concern the member."""

    shell = "member"
    template_name = "matchmaking/ceremony_list.html"
    title = _("Group weddings")

    def get_queryset(self):
        return weddings_for(self.request.user)[:50]

    def get_context_data(self, **kwargs):
        return super().get_context_data(asking=list(couples_asking(self.request.user)[:5]), **kwargs)


class OfCeremonyMixin(ShellMixin):
    """A page of one wedding that members may read about."""

    shell = "member"

    def dispatch(self, request, *args, **kwargs):
        weddings = GroupWedding.objects.public().for_list()
        self.wedding = get_object_or_404(weddings, pk=kwargs["pk"])
        self.mine = couple_of(request.user, self.wedding) if request.user.is_authenticated else None
        return super().dispatch(request, *args, **kwargs)

    @property
    def may_apply(self):
        done = (CoupleState.DECLINED, CoupleState.WITHDRAWN)
        free = self.mine is None or self.mine.state in done
        return free and self.wedding.state == WeddingState.OPEN and timezone.now() < self.wedding.closes_at

    def get_context_data(self, **kwargs):
        return super().get_context_data(wedding=self.wedding, mine=self.mine, purpose=consents.WEDDING, **kwargs)


class CeremonyDetailView(OfCeremonyMixin, generic.TemplateView):
    """What the wedding is, and the state of the member's own application."""

    template_name = "matchmaking/ceremony_detail.html"

    def get_title(self):
        return self.wedding.title

    def get_context_data(self, **kwargs):
        mine, me = self.mine, self.request.user
        live = mine is not None and mine.state not in (CoupleState.DECLINED, CoupleState.WITHDRAWN)
        return super().get_context_data(
            asking=list(couples_asking(me).filter(wedding=self.wedding)[:5]),
            may_apply=self.may_apply,
            may_leave=live and self.wedding.state in (WeddingState.OPEN, WeddingState.CLOSED),
            other=other_name(mine, me) if live else "",
            ahead=before_in_line(mine) if live and mine.state == CoupleState.WAITLISTED else None,
            **kwargs,
        )


class CeremonyAskView(PerformMixin, OfCeremonyMixin, generic.FormView):
    """Apply and name the other person; the result is the same whether or not the number is known."""

    template_name = "matchmaking/ceremony_ask.html"
    form_class = CoupleAskForm
    title = _("Apply as a couple")
    success_message = _(
        "Your invitation is saved. The application is complete when the other person confirms it on their own page."
    )

    def get(self, request, *args, **kwargs):
        if not self.may_apply:
            return redirect(self.next_url(None))
        return super().get(request, *args, **kwargs)

    def perform(self, form):
        data = form.cleaned_data
        couple_ask(
            wedding=self.wedding,
            actor=self.request.user,
            phone=data["phone"],
            registered_on=data["registered_on"],
        )

    def next_url(self, result):
        return reverse("matchmaking:ceremony-detail", args=[self.wedding.pk])
