"""The steps of an event, each a page that says what it does before it does it."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules, services
from matchmaking.models import MatchEvent
from portal.signups.choices import LIVE
from portal.web.forms import ReasonForm
from portal.web.second_person import ApproveView, PublishView, ReturnView, SubmitView
from portal.web.views import ActionView


class EventActionView(ActionView):
    model = MatchEvent
    row_name = "event"
    rule = rules.can_edit_event


class EventSubmitView(EventActionView, SubmitView):
    service = services.event_submit


class EventApproveView(EventActionView, ApproveView):
    rule = rules.can_approve_event
    service = services.event_approve
    title = _("Approve the event")
    consequence = _("You confirm times, quotas and text as the second person. Then it can be published.")
    success_message = _("The event is approved.")


class EventReturnView(EventActionView, ReturnView):
    rule = rules.can_approve_event
    service = services.event_return
    title = _("Return the event")
    success_message = _("The event is returned.")


class EventPublishView(EventActionView, PublishView):
    service = services.event_publish
    title = _("Publish the event")
    success_message = _("Published. Pass on the link or print the poster.")

    def get_consequence(self):
        if self.object.restricted:
            return _("It stands in no list: the invited are told, and its link works for them alone.")
        return _("Everyone with the link can read about it, and members below your organisation can sign up.")


class EventCloseSignUpView(EventActionView):
    service = services.event_close_sign_up
    title = _("Close sign-up")
    action_label = _("Close sign-up now")
    consequence = _("Nobody can sign up from now on. It cannot be opened again.")
    danger = True
    success_message = _("Sign-up is closed.")


class EventOpenChoiceView(EventActionView):
    service = services.event_open_choice
    title = _("Open the choice round")
    action_label = _("Open the round now")
    consequence = _("Confirmed participants see the cards of the other list and can choose until the round closes.")
    success_message = _("The choice round is open, and every participant was told.")


class EventSettleView(EventActionView):
    service = services.event_shortlist
    title = _("Settle the list")
    action_label = _("Settle the list")
    consequence = _("Everyone who signed up has been judged. From now on the list changes only by people who leave.")
    success_message = _("The list is settled.")


class EventBeginView(EventActionView):
    service = services.event_begin
    title = _("Open the doors")
    action_label = _("Open the doors")
    consequence = _("The event is under way: people can be let in.")
    success_message = _("The event is under way.")


class EventReportView(EventActionView):
    service = services.event_report
    title = _("File the report")
    action_label = _("File the report")
    consequence = _("What the report says is made of the event's rows. Its costs can no longer be changed.")
    success_message = _("The report is filed.")


class EventRevealView(EventActionView):
    service = services.event_reveal
    title = _("Close the round and reveal")
    action_label = _("Close and reveal")
    consequence = _(
        "Mutual choices become pairs and everyone gets one message. All choices and their key are destroyed:"
        " after this nobody can know whom a person had chosen without being chosen."
    )
    danger = True
    success_message = _("Revealed. Everyone has got a message.")


class EventCloseView(EventActionView):
    service = services.event_close
    title = _("Close the event")
    action_label = _("Close the event")
    consequence = _("The event is over. Its figures stay.")
    success_message = _("The event is closed.")


class EventCancelView(EventActionView):
    service = services.event_cancel
    form_class = ReasonForm
    title = _("Cancel the event")
    action_label = _("Cancel the event")
    danger = True
    success_message = _("The event is cancelled, and everyone who had signed up was told.")

    def get_consequence(self):
        count = self.object.signups.filter(state__in=LIVE).count()
        return _("%(count)s people have signed up. Each of them is told the reason. It cannot be undone.") % {
            "count": count
        }
