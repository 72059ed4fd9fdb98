"""The way in of who was given a duty: a link or a short code by SMS, then login name and password."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.core import limits
from portal.core.errors import DomainError
from portal.members import forms, services
from portal.web.address import client_address
from portal.web.errors import refuse
from portal.web.views import FormPageView

KEPT = "invitation"


@method_decorator(login_not_required, name="dispatch")
class InvitationView(View):
    """Takes the link of an invitation into the session and goes on to a page whose address holds nothing."""

    http_method_names = ["get"]

    def get(self, request, token):
        limits.consume("invitation.open", limits.network_of(client_address(request)), limit=60, seconds=3600)
        request.session[KEPT] = token[:100]
        return redirect("members:sign-in-invited")


@method_decorator(login_not_required, name="dispatch")
class InvitationCodeView(FormPageView):
    """Takes the short code of an invitation, for whom a text message without a link has reached."""

    shell = "plain"
    template_name = "members/sign_in_invitation.html"
    form_class = forms.InvitationCodeForm
    title = _("I was invited")

    def perform(self, form):
        return services.invitation_by_code(**form.cleaned_data, address=client_address(self.request))

    def next_url(self, result):
        return reverse("members:sign-in-invitation", args=[result])


@method_decorator(login_not_required, name="dispatch")
class InvitedView(FormPageView):
    """Asks who was invited for a proof, a login name and a password; a link that is spent says so."""

    shell = "plain"
    template_name = "members/sign_in_invited.html"
    form_class = forms.InvitationForm
    title = _("Your access for staff")

    def dispatch(self, request, *args, **kwargs):
        request.shell = self.shell
        try:
            self.invitation = services.invitation_find(request.session.get(KEPT, ""))
        except DomainError as error:
            # A token that opens nothing is not kept.
            request.session.pop(KEPT, None)
            return refuse(request, 404, error.message)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "about": self.invitation}

    def perform(self, form):
        values = {"login_name": "", **form.cleaned_data}
        services.invitation_accept(invitation=self.invitation, **values)
        self.request.session.flush()
        messages.success(self.request, _("Done. Sign in with your login name and password now."))

    def next_url(self, result):
        return reverse_lazy("members:sign-in-staff")
