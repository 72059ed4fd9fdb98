"""The pages by which a row goes to a second person and comes back: submit, approve, return, publish.

A room names model, rule and service and says what is special about its rows; the rest is said once here. Services take
the row by the name in ``row_name``, ``actor``, and ``reason`` where something is refused.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_prose
from portal.web.forms import PortalForm
from portal.web.views import ActionView


class ConfirmForm(PortalForm):
    """Nothing to fill in: sending it is the answer."""


class ReasonForm(PortalForm):
    """Why; who proposed the row reads it."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self):
        return clean_prose(self.cleaned_data["reason"])


class StepView(ActionView):
    """One step of a row: ``service(<row_name>=row, actor=..., **what the form asked)``."""

    form_class = ConfirmForm
    row_name = ""
    service = None
    success_url = None

    def perform(self, form):
        service = type(self).service
        return service(**{self.row_name: self.object}, actor=self.request.user, **form.cleaned_data)


class SubmitView(StepView):
    title = _("Submit for approval")
    action_label = _("Submit for approval")
    consequence = _("A second person is asked to approve. Until then it cannot be edited.")
    success_message = _("Submitted. You are told as soon as it is decided.")


class ApproveView(StepView):
    title = _("Approve")
    action_label = _("Approve")
    consequence = _("You confirm it as the second person.")
    success_message = _("Approved. Who proposed it was told.")


class ReturnView(StepView):
    form_class = ReasonForm
    title = _("Return with a reason")
    action_label = _("Return with this reason")
    consequence = _("Who proposed it reads the reason, changes it and submits it again.")
    success_message = _("Returned. Who proposed it was told.")


class PublishView(StepView):
    title = _("Publish")
    action_label = _("Publish")
