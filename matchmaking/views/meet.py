"""What members meet: events for them, their card, their choices, their pairs."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents, promises
from matchmaking.choices.events import HELD_STATES, EventState
from matchmaking.filters.events import MeetFilter
from matchmaking.forms.changing import AcceptForm, AgreeAnewForm
from matchmaking.forms.events import JoinForm
from matchmaking.models import MatchEvent, Pair, Participation
from matchmaking.selectors.events import own_choices, pairs_of, waiting_ahead
from matchmaking.selectors.lines import own_line_words
from matchmaking.selectors.planning import letters_to
from matchmaking.services.changing import consent_renew
from matchmaking.services.choosing import choices_set
from matchmaking.services.signing_up import event_join, event_leave, needs_consent, offer_accept
from portal.core.errors import DomainError
from portal.core.text import whole_number
from portal.exchange.storage import file_response
from portal.members.views.sign_in import FreshRequiredMixin
from portal.signups.choices import SignUpState
from portal.web.middleware import public_page
from portal.web.views import ConfirmMixin, PerformMixin, ShellMixin


class MeetListView(ShellMixin, generic.ListView):
    """Events for her: what she takes part in first, then what is open."""

    shell = "member"
    template_name = "matchmaking/meet_list.html"
    title = _("Events")

    def get_queryset(self):
        events = MatchEvent.objects.offered_to(self.request.user).filter(state=EventState.PUBLISHED).for_list()
        self.filterset = MeetFilter(self.request.GET, events.order_by("signup_closes_at", "pk"), request=self.request)
        return self.filterset.qs[:50]

    def get_context_data(self, **kwargs):
        own = Participation.objects.own(self.request.user).select_related("offering__organization")
        mine = {row.offering_id: row for row in own}
        open_events = [event for event in self.object_list if event.pk not in mine]
        return super().get_context_data(
            mine=sorted(mine.values(), key=lambda row: row.offering.starts_at, reverse=True),
            open_events=open_events,
            filter=self.filterset,
            filtered=any(self.request.GET.get(name) for name in self.filterset.filters),
            **kwargs,
        )

    def get_template_names(self):
        if self.request.htmx and not self.request.htmx.boosted:
            return ["matchmaking/_meet_open.html"]
        return super().get_template_names()


class OfMeetMixin(ShellMixin):
    """A page of one event she may read about, found by the part of its link that cannot be guessed.

    A restricted event is there for whoever is invited or takes part; to others its link is a dead one.
    """

    shell = "member"

    def dispatch(self, request, *args, **kwargs):
        readable = MatchEvent.objects.readable_by(self.reader).for_list()
        self.event = get_object_or_404(readable, slug=kwargs["slug"][:20])
        return super().dispatch(request, *args, **kwargs)

    @property
    def reader(self):
        """The person signed in; a stranger while the private pages of that account are closed."""
        user = self.request.user
        return user if user.is_authenticated and user.opens_secrets else AnonymousUser()

    @cached_property
    def mine(self):
        """Her sign-up, or None."""
        if not self.reader.is_authenticated:
            return None
        own = Participation.objects.own(self.reader).filter(offering=self.event)
        row = own.select_related("photo", "member__organization").first()
        if row is not None:
            row.offering = self.event
        return row

    @property
    def left(self):
        """Whether the reader took part and has left since."""
        if not self.reader.is_authenticated:
            return False
        return Participation.objects.filter(offering=self.event, member=self.reader, state=SignUpState.LEFT).exists()

    def get_title(self):
        return self.title or self.event.title

    def get_context_data(self, **kwargs):
        return super().get_context_data(event=self.event, mine=self.mine, **kwargs)


@public_page
class MeetDetailView(OfMeetMixin, generic.TemplateView):
    """What the event is, who sees what, and where she stands."""

    template_name = "matchmaking/meet_detail.html"

    def dispatch(self, request, *args, **kwargs):
        self.shell = "member" if request.user.is_authenticated else "plain"
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        event, mine, me = self.event, self.mine, self.reader
        context = {
            "purpose": consents.event_purpose(event),
            "line_words": own_line_words(mine) if mine else "",
            "agree_anew": bool(mine and mine.state == SignUpState.CONFIRMED and needs_consent(mine)),
            "letters": letters_to(mine) if mine else [],
            "open_now": event.state == EventState.PUBLISHED
            and event.signup_opens_at <= timezone.now() < event.signup_closes_at,
            "ahead": waiting_ahead(mine) if mine and mine.state == SignUpState.WAITLISTED else 0,
            "refusal": event.refusal(me, timezone.now()) if me.is_authenticated and not mine else "",
            "left": event.state in HELD_STATES and not mine and self.left,
            "choosing": bool(mine and mine.state == SignUpState.CONFIRMED and event.state == EventState.CHOICE_OPEN),
            "revealed": event.state in HELD_STATES,
        }
        if context["choosing"]:
            context["chosen"] = len(own_choices(mine))
        if context["revealed"] and mine:
            context["pairs"] = pairs_of(me, event)
        return super().get_context_data(**context, **kwargs)


class MeetJoinView(PerformMixin, OfMeetMixin, generic.FormView):
    """Her card and her agreement; sending it twice is one sign-up."""

    template_name = "matchmaking/meet_join.html"
    form_class = JoinForm
    title = _("Take part")

    def get(self, request, *args, **kwargs):
        if self.mine:
            return redirect(self.event.get_member_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        refusal = "" if self.mine else self.event.refusal(self.request.user, timezone.now())
        return super().get_context_data(purpose=consents.event_purpose(self.event), refusal=refusal, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "photos": not self.event.restricted}

    def perform(self, form):
        data = form.cleaned_data
        event_join(
            event=self.event,
            member=self.request.user,
            actor=self.request.user,
            line=data["line"],
            photo=data.get("photo"),
        )

    def next_url(self, result):
        return reverse("matchmaking:meet-joined", args=[self.event.slug])


class MeetJoinedView(OfMeetMixin, generic.TemplateView):
    """The receipt: what she has now and what happens next."""

    template_name = "matchmaking/meet_joined.html"
    title = _("You have signed up")

    def get(self, request, *args, **kwargs):
        if self.mine is None:
            return redirect(self.event.get_member_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        event = self.event
        confirmed = self.mine.state == SignUpState.CONFIRMED
        steps = [
            {"words": _("Sign-up closes"), "at": event.signup_closes_at},
            {"words": _("The choice round opens: you see the other cards and choose"), "at": event.choice_opens_at},
            {"words": _("The round closes, and you get one message"), "at": event.choice_closes_at},
        ]
        if self.mine.state == SignUpState.APPLIED:
            first = [{"words": _("The organisers look at your sign-up, and you get a message"), "at": None}]
            return super().get_context_data(next_steps=first + steps, ahead=0, **kwargs)
        waiting = [{"words": _("When a place gets free, it is offered to you, for 48 hours"), "at": None}]
        return super().get_context_data(
            next_steps=steps if confirmed else waiting + steps,
            ahead=0 if confirmed else waiting_ahead(self.mine),
            **kwargs,
        )


class MeetMineMixin(OfMeetMixin):
    """A page for who has signed up; others are sent to the event."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        if request.user.is_authenticated and self.mine is None and response.status_code == 200:
            return redirect(self.event.get_member_url())
        return response


class MeetActionView(ConfirmMixin, PerformMixin, MeetMineMixin, generic.FormView):
    """One action on her sign-up."""

    row_name = "participation"

    @property
    def object(self):
        return self.mine

    def post(self, request, *args, **kwargs):
        if self.mine is None:
            return redirect(self.event.get_member_url())
        return super().post(request, *args, **kwargs)

    def back_url(self):
        return self.event.get_member_url()

    def next_url(self, result):
        return self.event.get_member_url()


class MeetAcceptView(MeetActionView):
    """Taking an offered place; who was put on the list by staff writes her line and agrees here."""

    template_name = "matchmaking/meet_accept.html"
    form_class = AcceptForm
    title = _("Take the place")
    action_label = _("Take the place")
    consequence = _("A place is held for you. Take it, or let the next in line have it.")
    success_message = _("The place is yours.")

    def get_form_kwargs(self):
        mine = self.mine
        return {
            **super().get_form_kwargs(),
            "asks_line": bool(mine and not mine.line),
            "asks_consent": bool(mine and needs_consent(mine)),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=consents.event_purpose(self.event), **kwargs)

    def perform(self, form):
        offer_accept(
            participation=self.mine,
            actor=self.request.user,
            line=form.cleaned_data.get("line", ""),
            agreed=form.cleaned_data.get("agree", False),
        )


class MeetAgreeView(MeetActionView):
    """Agreeing anew after the purpose of the event has changed."""

    template_name = "matchmaking/meet_accept.html"
    form_class = AgreeAnewForm
    title = _("Agree anew")
    action_label = _("Agree and stay")
    consequence = _("What the event is for has changed. Until you agree, your card is not shown. You may also leave.")
    success_message = _("Thank you. Your card is shown again.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=consents.event_purpose(self.event), **kwargs)

    def perform(self, form):
        consent_renew(participation=self.mine, actor=self.request.user)


class MeetLeaveView(MeetActionView):
    service = event_leave
    title = _("Leave the event")
    action_label = _("Leave the event")
    consequence = promises.EVENT_LEAVE.words
    danger = True
    success_message = _("You have left the event.")


class MeetChooseView(FreshRequiredMixin, MeetMineMixin, generic.TemplateView):
    """The cards of the other list; she picks up to three and may change until the round closes."""

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
                request, _("Your choice is kept. Nobody sees it. You can change it until the round closes.")
            )
        else:
            messages.success(request, _("You have chosen nobody. You can choose until the round closes."))
        return redirect(self.event.get_member_url())


class MeetPhotoView(OfMeetMixin, generic.View):
    """A photo on a card: her own, of a candidate while the round is open, or of who is a pair with her."""

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
