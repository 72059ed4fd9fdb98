"""Member pages of the day of an event: admission ticket, table, walk-in."""

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents
from matchmaking.choices.events import EventMode
from matchmaking.forms.on_the_day import WalkInForm
from matchmaking.selectors.on_the_day import table_now
from matchmaking.services.on_the_day import check_in_herself, door_token, walk_in
from matchmaking.views.member.events import OfMeetMixin
from matchmaking.views.member.participations import MeetActionView, MeetMineMixin
from portal.signups.choices import Door, SignUpState
from portal.web.links import absolute
from portal.web.views import PerformMixin


class MeetTicketView(MeetMineMixin, generic.TemplateView):
    """The admission ticket: the QR code and the digits that admit the participant once."""

    template_name = "matchmaking/meet_ticket.html"
    title = _("Your admission ticket")

    def get(self, request, *args, **kwargs):
        if self.mine is not None and self.mine.state != SignUpState.CONFIRMED:
            return redirect(self.event.get_member_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        now = timezone.now()
        online_now = self.event.mode == EventMode.ONLINE and self.event.starts_at <= now < self.event.ends_at
        return super().get_context_data(
            can_say_here=online_now and not (self.mine and self.mine.checked_in_at), **kwargs
        )


class MeetTicketCodeView(OfMeetMixin, generic.View):
    """The QR code of the admission ticket (SVG)."""

    cost = "picture"

    def get(self, request, *args, **kwargs):
        if self.mine is None or self.mine.state != SignUpState.CONFIRMED:
            raise Http404
        link = absolute(reverse("matchmaking:door-scan", args=[door_token(self.mine)]))
        response = HttpResponse(content_type="image/svg+xml")
        code = segno.make(link, error="m")
        code.save(response, kind="svg", scale=6, border=3, light="#fff", xmldecl=False, svgclass=None, lineclass=None)
        return response


class MeetHereView(MeetActionView):
    title = _("I am here")
    action_label = _("I am here")
    consequence = _("The organiser can see that you have arrived.")
    success_message = _("Welcome. Have a good time.")

    def perform(self, form):
        check_in_herself(row=self.mine, actor=self.request.user)


class MeetTableView(MeetMineMixin, generic.TemplateView):
    """Where the participant sits now and next; the page refreshes by itself."""

    template_name = "matchmaking/meet_table.html"
    title = _("Your table number now")

    def get_template_names(self):
        if self.request.htmx and not self.request.htmx.boosted:
            return ["matchmaking/_meet_table_now.html"]
        return [self.template_name]

    def get_context_data(self, **kwargs):
        return super().get_context_data(now=table_now(self.mine) if self.mine else None, **kwargs)


class MeetWalkInView(PerformMixin, OfMeetMixin, generic.FormView):
    """Take part at the entrance, where a place is free.

    The member writes the card and consents on their own phone.
    """

    template_name = "matchmaking/meet_walk_in.html"
    form_class = WalkInForm
    title = _("Join on site")

    def get(self, request, *args, **kwargs):
        if self.mine:
            return redirect(self.event.get_member_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        refusal = "" if self.mine else self.event.refusal(self.request.user, timezone.now(), Door.WALK_IN)
        return super().get_context_data(purpose=consents.EVENT, refusal=refusal, **kwargs)

    def perform(self, form):
        walk_in(event=self.event, member=self.request.user, line=form.cleaned_data["line"])

    def next_url(self, result):
        return reverse("matchmaking:meet-ticket", args=[self.event.slug])
