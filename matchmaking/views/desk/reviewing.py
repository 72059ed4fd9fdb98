"""Desk pages of sign-ups that wait for review."""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.models import Participation
from matchmaking.services.reviewing import signup_decline, signups_review
from matchmaking.tables.participations import HiddenUnitReviewTable, ReviewTable
from matchmaking.views.desk.events import OfEventFormView, OfEventMixin
from portal.core.text import whole_number
from portal.signups.choices import SignUpState
from portal.web.forms import ReasonForm
from portal.web.lists import MOST_AT_ONCE, Bulk
from portal.web.views import ActionView, BulkListView


class EventReviewView(OfEventMixin, BulkListView):
    """Sign-ups that wait for review, in the order of signing up; several can be decided at once."""

    model = Participation
    table_class = ReviewTable
    title = _("Sign-ups to review")
    narrowed = False
    bulk_actions = (
        Bulk("accept", _("Accept"), "check", "accept"),
        Bulk("decline", _("Decline with a reason"), "x", "decline"),
    )
    empty_title = _("No sign-ups waiting for review")
    empty_text = _("Sign-ups for events with review appear here first.")

    def get_queryset(self):
        if not rules.can_see_units(self.request.user, self.event):
            self.table_class = HiddenUnitReviewTable
        return super().get_queryset().filter(offering=self.event, state=SignUpState.APPLIED)

    def post(self, request, *args, **kwargs):
        """Redirect to the page that asks for the reason when sign-ups are declined."""
        if request.POST.get("action") == "decline":
            ticked = [pk for pk in request.POST.getlist("pk")[:MOST_AT_ONCE] if whole_number(pk)]
            if ticked:
                address = reverse("matchmaking:event-decline", args=[self.event.pk])
                return HttpResponseRedirect(f"{address}?{urlencode({'pk': ticked}, doseq=True)}")
        return super().post(request, *args, **kwargs)

    def accept(self, rows):
        return signups_review(participations=rows, accept=True, actor=self.request.user)

    def decline(self, rows):
        """Do nothing: the reason is asked for first."""
        return 0


class EventDeclineView(OfEventFormView):
    """Decline several sign-ups with one reason."""

    template_name = "components/confirm_page.html"
    form_class = ReasonForm
    title = _("Decline sign-ups")
    success_message = _("Declined. Each person will see the reason.")

    def get(self, request, *args, **kwargs):
        if not self.rows.exists():
            return HttpResponseRedirect(self.next_url(None))
        return super().get(request, *args, **kwargs)

    @cached_property
    def rows(self):
        """The sign-ups named in the URL that still wait for review."""
        pks = [pk for pk in map(whole_number, self.request.GET.getlist("pk")[:MOST_AT_ONCE]) if pk]
        return Participation.objects.filter(offering=self.event, state=SignUpState.APPLIED, pk__in=pks)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            consequence=_("%(count)s people will see this reason.") % {"count": self.rows.count()},
            action_label=_("Decline with this reason"),
            danger=True,
            **{**kwargs, "back_url": reverse("matchmaking:event-review", args=[self.event.pk])},
        )

    def perform(self, form):
        signups_review(
            participations=self.rows, accept=False, actor=self.request.user, reason=form.cleaned_data["reason"]
        )

    def next_url(self, result):
        return reverse("matchmaking:event-review", args=[self.event.pk])


class ParticipationDeclineView(ActionView):
    """Decline one sign-up with a reason."""

    model = Participation
    form_class = ReasonForm
    rule = rules.can_review_signup
    title = _("Decline a sign-up")
    action_label = _("Decline with this reason")
    consequence = _("The person will see this reason.")
    danger = True
    success_message = _("Declined. The person will see the reason.")

    row_name = "participation"
    service = signup_decline

    def get_queryset(self):
        return super().get_queryset().filter(state=SignUpState.APPLIED)

    def back_url(self):
        return reverse("matchmaking:event-review", args=[self.object.offering_id])

    def next_url(self, result):
        return self.back_url()
