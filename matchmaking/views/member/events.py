"""Member pages of events."""

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents
from matchmaking.choices.events import HELD_STATES, EventState
from matchmaking.filters.events import MeetFilter
from matchmaking.models import MatchEvent, Participation
from matchmaking.selectors.choosing import own_choices
from matchmaking.selectors.letters import letters_to
from matchmaking.selectors.pairs import pairs_of
from matchmaking.selectors.participations import own_line_words, waiting_ahead
from matchmaking.services.participations import needs_consent
from portal.signups.choices import SignUpState
from portal.web.middleware import public_page
from portal.web.views import PartMixin, ShellMixin


class MeetListView(PartMixin, ShellMixin, generic.ListView):
    """Events for a member: first those the member takes part in, then open ones."""

    shell = "member"
    template_name = "matchmaking/meet_list.html"
    part_name = "matchmaking/_meet_open.html"
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


class OfMeetMixin(ShellMixin):
    """A page of one event that the reader may read about, found by the unguessable part of its link.

    A restricted event is shown only to people who are invited or take part; for others its link does not work.
    """

    shell = "member"

    def dispatch(self, request, *args, **kwargs):
        readable = MatchEvent.objects.readable_by(self.reader).for_list()
        self.event = get_object_or_404(readable, slug=kwargs["slug"][:20])
        return super().dispatch(request, *args, **kwargs)

    @property
    def reader(self):
        """The signed-in member; an anonymous user while the private pages of that account are closed."""
        user = self.request.user
        return user if user.is_authenticated and user.opens_secrets else AnonymousUser()

    @cached_property
    def mine(self):
        """The reader's sign-up, or None."""
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
    """What the event is, who sees what, and the state of the reader's sign-up."""

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
