"""Desk pages of invitations to a restricted event, and of putting people on the lists."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from matchmaking import rules
from matchmaking.forms.invitations import TermForm, UnitPickForm
from matchmaking.models import Invitation
from matchmaking.services.invitations import invitation_add, invitation_remove, invited_people
from matchmaking.services.reviewing import place_offer
from matchmaking.views.desk.events import OfEventFormView, OfEventMixin
from portal.core.errors import DomainError
from portal.core.text import whole_number
from portal.members.filters import find_people
from portal.members.lookups import term_keep, term_kept
from portal.members.models import Member
from portal.signups.choices import SignUpState
from portal.web.forms import ConfirmForm
from portal.web.views import ActionView, ShellMixin

SHOWN = 20
PAGES = ("event-invitations", "event-add")


class FindMixin:
    """A search for people in the actor's reach below the event's organisation; the term came by POST."""

    def people(self):
        """Return the search term and the first people it matches."""
        term = term_kept(self.request.session, self.request.GET.get("find", ""))
        if not term:
            return "", []
        inside = Member.objects.visible_to(self.request.user).filter(
            organization__path__startswith=self.event.organization.path, is_active=True
        )
        return term, list(find_people(inside, term).select_related("organization").order_by("pinyin", "pk")[:SHOWN])


class EventFindView(OfEventMixin, ShellMixin, View):
    """Store a search term in the session and redirect to the page it came from."""

    cost_of_post = "look-up"
    http_method_names = ["post"]

    def post(self, request, pk):
        form = TermForm(request.POST)
        page = request.POST.get("page")
        address = reverse(f"matchmaking:{page if page in PAGES else PAGES[1]}", args=[self.event.pk])
        if not form.is_valid():
            return HttpResponseRedirect(address)
        mark = term_keep(request.session, form.cleaned_data["term"])
        return HttpResponseRedirect(f"{address}?find={mark}")


class EventInvitationsView(FindMixin, OfEventFormView):
    """The people and units invited to a restricted event; only editors of its lead organiser see it."""

    event_rule = staticmethod(rules.can_lead_event)
    template_name = "matchmaking/event_invitations.html"
    form_class = UnitPickForm
    title = _("Invitations")
    success_message = _("The unit is invited.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "about": self.event}

    def get_context_data(self, **kwargs):
        rows = self.event.invitations.select_related("member__organization", "unit").order_by("-pk")
        term, found = self.people()
        return super().get_context_data(
            rows=rows[:200],
            count=rows.count(),
            people=invited_people(self.event).count(),
            term=term,
            found=found,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        pk = whole_number(request.POST.get("member", ""))
        if pk is None:
            return super().post(request, *args, **kwargs)
        inside = Member.objects.visible_to(request.user).filter(is_active=True)
        member = get_object_or_404(inside.select_related("organization"), pk=pk)
        try:
            invitation_add(actor=request.user, event=self.event, member=member)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("The person is invited."))
        return HttpResponseRedirect(request.get_full_path())

    def perform(self, form):
        invitation_add(actor=self.request.user, event=self.event, unit=form.cleaned_data["unit"])

    def next_url(self, result):
        return reverse("matchmaking:event-invitations", args=[self.event.pk])


class InvitationRemoveView(ActionView):
    model = Invitation
    rule = rules.can_lead_of_event
    title = _("Withdraw the invitation")
    action_label = _("Undo")
    consequence = _("The event link no longer works through this invitation. Nobody is told.")
    danger = True
    success_message = _("The invitation was withdrawn.")

    row_name = "invitation"
    service = invitation_remove

    def back_url(self):
        return reverse("matchmaking:event-invitations", args=[self.object.event_id])

    def next_url(self, result):
        return self.back_url()


class EventAddView(FindMixin, OfEventFormView):
    """Put a member on the lists, as staff: the member is offered a place and confirms it themselves."""

    template_name = "matchmaking/event_add.html"
    form_class = ConfirmForm
    title = _("Add a member")

    def get_context_data(self, **kwargs):
        term, found = self.people()
        return super().get_context_data(term=term, found=found, **kwargs)

    def post(self, request, *args, **kwargs):
        inside = Member.objects.visible_to(request.user).filter(
            organization__path__startswith=self.event.organization.path, is_active=True
        )
        pk = whole_number(request.POST.get("member", ""))
        if pk is None:
            return HttpResponseRedirect(request.get_full_path())
        member = get_object_or_404(inside.select_related("organization"), pk=pk)
        try:
            row, created = place_offer(event=self.event, member=member, actor=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            if not created:
                messages.info(request, _("This person is already on a list of this event."))
            elif row.state == SignUpState.OFFERED:
                messages.success(request, _("A place is reserved. The person was told and must confirm it."))
            else:
                messages.success(request, _("The list is full: the person is on the waiting list and was told."))
        return HttpResponseRedirect(request.get_full_path())
