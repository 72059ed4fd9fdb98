"""Law sessions for members, who sign up for them; a provisional account may do so too."""

from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.signups.choices import SignUpState
from portal.web.own import OwnActionView, OwnRowMixin
from portal.web.views import PartMixin, ShellMixin
from rights.choices.law_sessions import SessionKind
from rights.filters.law_sessions import LawFindFilter
from rights.models import LawSession, LawSessionSignUp
from rights.selectors.law_sessions import ahead_of, refusal_for
from rights.services import law_sessions as services


class LawFindView(PartMixin, ShellMixin, generic.ListView):
    """Law sessions: first those the member has signed up for, then those that are open, the nearest first."""

    shell = "member"
    provisional = True
    template_name = "rights/law_find.html"
    part_name = "rights/_law_open.html"
    title = _("Law sessions")
    paginate_by = 20

    def get_queryset(self):
        mine = LawSessionSignUp.objects.own(self.request.user).values("offering")
        found = LawSession.objects.announced_to(self.request.user).joinable().exclude(pk__in=mine).for_list()
        found = found.nearest_first(self.request.user)
        self.filterset = LawFindFilter(self.request.GET, found, request=self.request)
        return self.filterset.qs

    def get_context_data(self, **kwargs):
        rows = LawSessionSignUp.objects.own(self.request.user).coming().for_list().best_first()
        mine = {row.offering_id: row for row in reversed(rows)}.values()
        mine = sorted(mine, key=lambda row: (row.offering.starts_at, row.pk))
        return super().get_context_data(mine=mine, filter=self.filterset, **kwargs)


class LawMixin(OwnRowMixin):
    """A page of one law session that the member may read."""

    model = LawSession
    provisional = True
    row_name = "session"

    def own_rows(self):
        return LawSession.objects.readable_by(self.request.user).for_list()

    @cached_property
    def mine(self):
        """The member's sign-up, or None; of two, the one with a place."""
        return self.object.standing_of(self.request.user).first()

    def get_title(self):
        return self.title or self.object.title


class LawShowView(LawMixin, generic.TemplateView):
    """What the session is about, where and when, and the state of the member's sign-up."""

    template_name = "rights/law_show.html"

    def get_context_data(self, **kwargs):
        mine = self.mine
        waits = mine is not None and mine.state == SignUpState.WAITLISTED
        return super().get_context_data(
            mine=mine,
            ahead=ahead_of(mine) if waits else 0,
            refusal="" if mine else refusal_for(self.request.user, self.object),
            shows_place=self.object.kind != SessionKind.ONLINE or bool(mine and mine.state == SignUpState.CONFIRMED),
            **kwargs,
        )


class LawActionView(LawMixin, OwnActionView):
    """One action of the member on a law session."""

    def next_url(self, result):
        return self.object.get_member_url()


class LawJoinView(LawActionView):
    service = services.session_join
    title = _("Sign up")
    consequence = _(
        "The organiser sees your name and your unit. If the session is full, you are put on the waiting list."
    )
    success_message = _("Your sign-up is recorded.")


class LawAcceptView(LawActionView):
    service = services.session_accept
    title = _("Confirm the place")
    consequence = _("A place is reserved for you. You can confirm it or leave it to the next person.")
    success_message = _("The place is yours.")

    def get(self, request, *args, **kwargs):
        if self.mine is None or self.mine.state != SignUpState.OFFERED:
            return redirect(self.object.get_member_url())
        return super().get(request, *args, **kwargs)


class LawLeaveView(LawActionView):
    service = services.session_leave
    title = _("Withdraw the sign-up")
    consequence = _("If you hold a place, it goes to the next person in line.")
    danger = True
    success_message = _("You have withdrawn your sign-up.")
