"""Views for approval by a second person: submit, approve, return, publish.

An area names model, rule and service and adds what is special about its rows; the rest is here. Services take the row
by the name in ``row_name``, ``actor``, and ``reason`` if something is refused.
"""

from django.utils.translation import gettext_lazy as _

from portal.web.forms import ReasonForm
from portal.web.views import ActionView


class SubmitView(ActionView):
    title = _("Submit for approval")
    action_label = _("Submit for approval")
    consequence = _("A second person will be asked to approve it. Until then it cannot be edited.")
    success_message = _("Submitted. You will be notified as soon as it is decided.")


class ApproveView(ActionView):
    title = _("Approve")
    action_label = _("Approve")
    consequence = _("You confirm this as the second person.")
    success_message = _("Approved. The submitter has been notified.")


class ReturnView(ActionView):
    form_class = ReasonForm
    title = _("Return with a reason")
    action_label = _("Return with this reason")
    consequence = _("The submitter reads the reason, makes changes and submits it again.")
    success_message = _("Returned. The submitter has been notified.")


class PublishView(ActionView):
    title = _("Publish")
    action_label = _("Publish")
