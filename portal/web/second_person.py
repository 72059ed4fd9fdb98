"""The pages by which a row goes to a second person and comes back: submit, approve, return, publish.

A room names model, rule and service and says what is special about its rows; the rest is said once here. Services take
the row by the name in ``row_name``, ``actor``, and ``reason`` where something is refused.
"""

from django.utils.translation import gettext_lazy as _

from portal.web.forms import ReasonForm
from portal.web.views import ActionView


class SubmitView(ActionView):
    title = _("Submit for approval")
    action_label = _("Submit for approval")
    consequence = _("A second person is asked to approve. Until then it cannot be edited.")
    success_message = _("Submitted. You are told as soon as it is decided.")


class ApproveView(ActionView):
    title = _("Approve")
    action_label = _("Approve")
    consequence = _("You confirm it as the second person.")
    success_message = _("Approved. Who proposed it was told.")


class ReturnView(ActionView):
    form_class = ReasonForm
    title = _("Return with a reason")
    action_label = _("Return with this reason")
    consequence = _("Who proposed it reads the reason, changes it and submits it again.")
    success_message = _("Returned. Who proposed it was told.")


class PublishView(ActionView):
    title = _("Publish")
    action_label = _("Publish")
