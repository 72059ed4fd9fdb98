"""The first access of a member with a new duty: a link or short code by SMS, then name and password."""

import time

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.core import limits
from portal.core.errors import DomainError
from portal.members.forms.invitations import InvitationCodeForm, InvitationForm
from portal.members.forms.sign_in import CodeForm
from portal.members.models import Member
from portal.members.services.factors import begun_factor, enrols_by_link, factor_address, factor_begin, factor_confirm
from portal.members.services.invitations import invitation_accept, invitation_by_code, invitation_find
from portal.members.views.desk.security import in_groups, show_codes
from portal.members.views.member.sign_in import PENDING, sign_in
from portal.web.address import client_address
from portal.web.errors import refuse
from portal.web.views import FormPageView

KEPT = "invitation"
ENROL_SECONDS = 10 * 60


@method_decorator(login_not_required, name="dispatch")
class InvitationView(View):
    """Keeps the token of an invitation in the session and redirects to a page with nothing in its URL."""

    http_method_names = ["get"]

    def get(self, request, token):
        limits.consume("invitation.open", limits.network_of(client_address(request)), limit=60, seconds=3600)
        request.session[KEPT] = token[:100]
        return redirect("members:sign-in-invited")


@method_decorator(login_not_required, name="dispatch")
class InvitationCodeView(FormPageView):
    """Takes the short code of an invitation, for a member who got a text message without a link."""

    shell = "plain"
    template_name = "members/sign_in_invitation.html"
    form_class = InvitationCodeForm
    title = _("I was invited")

    def perform(self, form):
        return invitation_by_code(**form.cleaned_data, address=client_address(self.request))

    def next_url(self, result):
        return reverse("members:sign-in-invitation", args=[result])


@method_decorator(login_not_required, name="dispatch")
class InvitedView(FormPageView):
    """Asks an invited member for the name on the roster, a login name and a password.

    A link that is spent gets a message that says so.
    """

    shell = "plain"
    template_name = "members/sign_in_invited.html"
    form_class = InvitationForm
    title = _("Your staff account")

    def dispatch(self, request, *args, **kwargs):
        request.shell = self.shell
        try:
            self.invitation = invitation_find(request.session.get(KEPT, ""))
        except DomainError as error:
            # A token that opens nothing is not kept.
            request.session.pop(KEPT, None)
            return refuse(request, 404, error.message)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "about": self.invitation}

    def perform(self, form):
        values = {"login_name": "", **form.cleaned_data}
        member = invitation_accept(invitation=self.invitation, **values)
        self.request.session.flush()
        if enrols_by_link(member):
            factor_begin(member=member)
            self.request.session[PENDING] = {"enrol": member.pk, "at": int(time.time())}
            return "members:sign-in-enrol"
        messages.success(self.request, _("Done. Now sign in with your login name and password."))
        return "members:sign-in-staff"

    def next_url(self, result):
        return reverse_lazy(result)


@method_decorator(login_not_required, name="dispatch")
class EnrolView(FormPageView):
    """The last step of a first access: the authenticator, if required or if no code can be sent.

    It is open for ten minutes in the browser that has just used the link; after that, the member needs another link.
    """

    shell = "plain"
    template_name = "members/sign_in_enrol.html"
    form_class = CodeForm
    title = _("Set up an authenticator")

    def dispatch(self, request, *args, **kwargs):
        pending = request.session.get(PENDING, {})
        self.member = Member.objects.filter(pk=pending.get("enrol", 0), is_active=True).first()
        late = time.time() - pending.get("at", 0) > ENROL_SECONDS
        if self.member is None or late or not enrols_by_link(self.member):
            return redirect("members:sign-in-staff")
        self.begun = begun_factor(self.member)
        if self.begun is None:
            return redirect("members:sign-in-staff")
        request.shell = self.shell
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        picture = segno.make(factor_address(self.begun), error="m")
        return super().get_context_data(
            secret=in_groups(self.begun.secret),
            picture=picture.svg_data_uri(scale=5, border=3, light="white"),
            **kwargs,
        )

    def form_valid(self, form):
        try:
            codes = factor_confirm(member=self.member, code=form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", error.message)
            return self.form_invalid(form)
        sign_in(self.request, self.member, staff=self.member.is_desk)
        self.request.session.pop(PENDING, None)
        return show_codes(self, codes)
