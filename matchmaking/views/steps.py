"""The steps of an event, each a page that says what it does before it does it."""

from django.utils.translation import gettext_lazy as _

from matchmaking import forms, rules, services
from matchmaking.models import MatchEvent
from portal.signups.choices import LIVE
from portal.web.views import ActionView


class EventActionView(ActionView):
    model = MatchEvent
    form_class = forms.ConfirmForm
    rule = rules.can_edit_event
    success_url = None


class EventSubmitView(EventActionView):
    title = _("Submit for approval")
    action_label = _("Submit for approval")
    consequence = _("A second person is asked to approve. Until then the event cannot be edited.")
    success_message = _("Submitted. You are told as soon as it is decided.")

    def perform(self, form):
        services.event_submit(event=self.object, actor=self.request.user)


class EventApproveView(EventActionView):
    rule = rules.can_approve_event
    title = _("Approve the event")
    action_label = _("Approve")
    consequence = _("You confirm times, quotas and text as the second person. Then it can be published.")
    success_message = _("The event is approved.")

    def perform(self, form):
        services.event_approve(event=self.object, actor=self.request.user)


class EventReturnView(EventActionView):
    rule = rules.can_approve_event
    form_class = forms.ReasonForm
    title = _("Return the event")
    action_label = _("Return with this reason")
    consequence = _("The proposer reads the reason, changes the event and submits it again.")
    success_message = _("The event is returned.")

    def perform(self, form):
        services.event_return(event=self.object, actor=self.request.user, reason=form.cleaned_data["reason"])


class EventPublishView(EventActionView):
    title = _("Publish the event")
    action_label = _("Publish")
    success_message = _("Published. Pass on the link or print the poster.")

    def get_consequence(self):
        if self.object.restricted:
            return _("It stands in no list: the invited are told, and its link works for them alone.")
        return _("Everyone with the link can read about it, and members below your organisation can sign up.")

    def perform(self, form):
        services.event_publish(event=self.object, actor=self.request.user)


class EventCloseSignUpView(EventActionView):
    title = _("Close sign-up")
    action_label = _("Close sign-up now")
    consequence = _("Nobody can sign up from now on. It cannot be opened again.")
    danger = True
    success_message = _("Sign-up is closed.")

    def perform(self, form):
        services.event_close_sign_up(event=self.object, actor=self.request.user)


class EventOpenChoiceView(EventActionView):
    title = _("Open the choice round")
    action_label = _("Open the round now")
    consequence = _("Confirmed participants see the cards of the other list and can choose until the round closes.")
    success_message = _("The choice round is open, and every participant was told.")

    def perform(self, form):
        services.event_open_choice(event=self.object, actor=self.request.user)


class EventSettleView(EventActionView):
    title = _("Settle the list")
    action_label = _("Settle the list")
    consequence = _("Everyone who signed up has been judged. From now on the list changes only by people who leave.")
    success_message = _("The list is settled.")

    def perform(self, form):
        services.event_shortlist(event=self.object, actor=self.request.user)


class EventBeginView(EventActionView):
    title = _("Open the doors")
    action_label = _("Open the doors")
    consequence = _("The event is under way: people can be let in.")
    success_message = _("The event is under way.")

    def perform(self, form):
        services.event_begin(event=self.object, actor=self.request.user)


class EventReportView(EventActionView):
    title = _("File the report")
    action_label = _("File the report")
    consequence = _("What the report says is made of the event's rows. Its costs can no longer be changed.")
    success_message = _("The report is filed.")

    def perform(self, form):
        services.event_report(event=self.object, actor=self.request.user)


class EventRevealView(EventActionView):
    title = _("Close the round and reveal")
    action_label = _("Close and reveal")
    consequence = _(
        "Mutual choices become pairs and everyone gets one message. All choices and their key are destroyed:"
        " after this nobody can know whom a person had chosen without being chosen."
    )
    danger = True
    success_message = _("Revealed. Everyone has got a message.")

    def perform(self, form):
        services.event_reveal(event=self.object, actor=self.request.user)


class EventCloseView(EventActionView):
    title = _("Close the event")
    action_label = _("Close the event")
    consequence = _("The event is over. Its figures stay.")
    success_message = _("The event is closed.")

    def perform(self, form):
        services.event_close(event=self.object, actor=self.request.user)


class EventCancelView(EventActionView):
    form_class = forms.ReasonForm
    title = _("Cancel the event")
    action_label = _("Cancel the event")
    danger = True
    success_message = _("The event is cancelled, and everyone who had signed up was told.")

    def get_consequence(self):
        count = self.object.signups.filter(state__in=LIVE).count()
        return _("%(count)s people have signed up. Each of them is told the reason. It cannot be undone.") % {
            "count": count
        }

    def perform(self, form):
        services.event_cancel(event=self.object, actor=self.request.user, reason=form.cleaned_data["reason"])
