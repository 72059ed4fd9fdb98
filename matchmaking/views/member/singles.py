"""Member pages of the search for singles."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking.choices.profiles import ProfileState
from matchmaking.filters.profiles import SingleFilter
from matchmaking.models import Introduction, ProfilePhoto, SingleProfile
from matchmaking.selectors.profiles import own_profile, reasons_of, score_of, single_card, suggestions, with_parts
from matchmaking.services.introductions import introduction_ask
from matchmaking.services.profiles import profile_save
from portal.core import limits
from portal.exchange.storage import file_response
from portal.web.views import ConfirmMixin, PerformMixin, ShellMixin

PER_PAGE = 10
HOUR = 3600


class OfSingleMixin(ShellMixin):
    """A page of a single; ``mine`` is their profile or None. With ``needs_profile`` a person without one gets 404."""

    shell = "member"
    needs_profile = False

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.mine = own_profile(request.user)
            if self.needs_profile and self.mine is None:
                raise Http404
            self.prepare(request)
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, request):
        """Load what the page is about, once ``mine`` is known."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"mine": self.mine, **kwargs})

    @property
    def searches(self):
        """Whether the member may look for others now."""
        return self.mine is not None and self.mine.searching


class SingleListView(OfSingleMixin, generic.TemplateView):
    """The singles whom the member finds: filters in the URL, those who fit all wishes first."""

    template_name = "matchmaking/single_list.html"
    title = _("Find singles")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["searching"] = self.searches
        if not context["searching"]:
            return context
        limits.consume(
            "single-search", str(self.request.user.pk), limit=settings.MATCHMAKING_SEARCHES_PER_HOUR, seconds=HOUR
        )
        found = SingleProfile.objects.findable_by(self.mine).with_fit(self.mine)
        filterset = SingleFilter(self.request.GET, queryset=found, request=self.request)
        rows = with_parts(filterset.qs, self.mine).order_by("-fits_all", "-edited_at", "-pk")
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        cards = [single_card(row) for row in page.object_list]
        context |= {
            "filter": filterset,
            "page_obj": page,
            "fitting": [card for card in cards if card.fits_all],
            "others": [card for card in cards if not card.fits_all],
        }
        return context


class SingleSuggestionsView(OfSingleMixin, generic.TemplateView):
    """A few suggested singles, each with the reasons, and a switch to turn suggestions off."""

    template_name = "matchmaking/single_suggestions.html"
    title = _("Suggestions")

    def get_context_data(self, **kwargs):
        searching = self.searches
        cards = []
        if searching and self.mine.suggestions_on:
            limits.consume(
                "single-search", str(self.request.user.pk), limit=settings.MATCHMAKING_SEARCHES_PER_HOUR, seconds=HOUR
            )
            cards = suggestions(self.mine)
        return super().get_context_data(searching=searching, cards=cards, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.mine is not None and self.mine.state != ProfileState.EXITED:
            profile_save(
                profile=self.mine,
                actor=request.user,
                version=self.mine.version,
                suggestions_on=request.POST.get("suggestions") == "on",
            )
        return redirect("matchmaking:single-suggestions")


class CardMixin(OfSingleMixin):
    """A page about a single whom the member may be shown or is being introduced to."""

    def prepare(self, request):
        mine = self.mine
        if mine is None:
            raise Http404
        pk = self.kwargs["pk"]
        found = SingleProfile.objects.findable_by(mine).values("pk")
        asked = SingleProfile.objects.asked_about(mine).values("pk")
        rows = SingleProfile.objects.filter(Q(pk__in=found) | Q(pk__in=asked))
        self.object = get_object_or_404(with_parts(rows, mine), pk=pk)

    def introduction(self):
        low, high = sorted((self.mine.pk, self.object.pk))
        return Introduction.objects.put_before(self.mine).live().filter(one=low, two=high).first()


class SingleDetailView(CardMixin, generic.TemplateView):
    """One card; opening too many in an hour is refused."""

    template_name = "matchmaking/single_detail.html"

    def get_title(self):
        return self.object.nickname

    def get_context_data(self, **kwargs):
        limits.consume(
            "single-card", str(self.request.user.pk), limit=settings.MATCHMAKING_CARDS_PER_HOUR, seconds=HOUR
        )
        found = score_of(self.mine, self.object)
        reasons = reasons_of(found, self.object) if found else ()
        return super().get_context_data(
            card=single_card(self.object, reasons=reasons),
            introduction=self.introduction(),
            **kwargs,
        )


class SinglePhotoView(OfSingleMixin, generic.View):
    """A photo: the member's own, or another's if its owner's choice of audience allows it."""

    def get(self, request, pk):
        if self.mine is None:
            raise Http404
        photos = ProfilePhoto.objects.shown_to(self.mine).select_related("file")
        return file_response(get_object_or_404(photos, pk=pk).file)


class CardActionView(ConfirmMixin, PerformMixin, CardMixin, generic.FormView):
    """One action about a card."""

    def back_url(self):
        return self.object.get_absolute_url()

    def next_url(self, result):
        return self.object.get_absolute_url()


class SingleAskView(CardActionView):
    title = _("Ask the union for an introduction")
    action_label = _("Send request")
    consequence = _(
        "We ask both of you whether you want to meet. Your request counts as your yes. Contact "
        "details are exchanged only when both agree; if the introduction does not succeed, you are "
        "told only that."
    )
    success_message = _("Request sent. You will be told when both of you have agreed.")

    def perform(self, form):
        introduction_ask(member=self.request.user, profile=self.object)
