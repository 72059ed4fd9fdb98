"""Views of one's own sign-in: password, authenticator, recovery codes, sessions."""

import segno
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from portal.core.errors import DomainError
from portal.members.forms.passwords import PasswordChangeForm
from portal.members.forms.sign_in import CodeForm, FreshForm
from portal.members.models import Member
from portal.members.services.factors import (
    begun_factor,
    confirmed_factor,
    factor_address,
    factor_begin,
    factor_confirm,
    must_enrol,
    recovery_codes_left,
    recovery_codes_renew,
)
from portal.members.services.passwords import must_change_password, password_change
from portal.members.services.recovery import paper_codes_left
from portal.members.services.restoring import sessions_end
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.web.views import FormPageView, ShellMixin


class SecurityView(ShellMixin, generic.TemplateView):
    """How the member signs in, and what they can change about it."""

    provisional = True
    shell = None
    template_name = "members/security.html"
    title = _("My sign-in")

    def get_context_data(self, **kwargs):
        me = self.request.user
        return super().get_context_data(
            factor=confirmed_factor(me),
            codes_left=recovery_codes_left(me),
            paper_left=paper_codes_left(me),
            has_password=me.has_usable_password(),
            staff=bool(self.request.session.get("staff")),
            **kwargs,
        )


class StaffSessionMixin:
    """Limits a page to members who signed in by login name and password; 404 for others."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not (request.session.get("staff") and request.user.is_desk):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class PasswordView(StaffSessionMixin, FormPageView):
    """Sets a new password; the member's other sessions end, this one continues."""

    provisional = True
    template_name = "members/security_password.html"
    form_class = PasswordChangeForm
    title = _("Change the password")
    success_message = _("The new password is active. Your sessions on other devices have ended.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(forced=must_change_password(self.request.user), **kwargs)

    def perform(self, form):
        member = password_change(member=self.request.user, **form.cleaned_data)
        update_session_auth_hash(self.request, member)
        self.request.session.save()
        Member.objects.filter(pk=member.pk).update(session_key=self.request.session.session_key)

    def next_url(self, result):
        return reverse_lazy("members:security")


class AuthenticatorSetupView(StaffSessionMixin, FreshRequiredMixin, FormPageView):
    """Sets up an authenticator.

    It creates the secret, shows it as a picture, takes the first code, and shows recovery codes.
    """

    provisional = True
    template_name = "members/authenticator_setup.html"
    form_class = CodeForm
    title = _("Set up an authenticator")

    def get_context_data(self, **kwargs):
        begun = begun_factor(self.request.user)
        secret = begun.secret if begun else ""
        return super().get_context_data(
            begun=begun,
            secret=in_groups(secret),
            forced=must_enrol(self.request.user),
            confirmed=confirmed_factor(self.request.user),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if "begin" in request.POST:
            factor_begin(member=request.user)
            return redirect("members:authenticator-setup")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            codes = factor_confirm(member=self.request.user, code=form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", error.message)
            return self.form_invalid(form)
        return show_codes(self, codes)


def in_groups(secret):
    """Return the key of an authenticator in groups of four characters, as a person types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def show_codes(view, codes):
    """Return the page of new recovery codes, which are shown this once and kept nowhere in clear."""
    view.template_name = "members/recovery_code_new.html"
    context = {"title": _("Your recovery codes"), "codes": codes, "page": view, "view": view}
    return view.render_to_response(context)


class AuthenticatorQrView(StaffSessionMixin, FreshRequiredMixin, View):
    """The secret of an authenticator being set up, as a picture (SVG); 404 once it is confirmed."""

    cost = "picture"
    provisional = True
    http_method_names = ["get"]

    def get(self, request):
        begun = begun_factor(request.user)
        if begun is None:
            raise Http404
        response = HttpResponse(content_type="image/svg+xml")
        response["Cache-Control"] = "no-store, private"
        code = segno.make(factor_address(begun), error="m")
        code.save(response, kind="svg", scale=6, border=3, light="white", xmldecl=False, svgclass=None, lineclass=None)
        return response


class RecoveryCodesView(StaffSessionMixin, FreshRequiredMixin, FormPageView):
    """Creates new recovery codes; the old ones become void."""

    provisional = True
    template_name = "members/recovery_code_begin.html"
    form_class = FreshForm
    title = _("New recovery codes")

    def form_valid(self, form):
        try:
            codes = recovery_codes_renew(member=self.request.user)
        except DomainError as error:
            form.add_error(None, error.message)
            return self.form_invalid(form)
        return show_codes(self, codes)


class SessionsEndView(ShellMixin, View):
    """Ends every session of the member, including this one."""

    provisional = True
    shell = None
    http_method_names = ["post"]

    def post(self, request):
        sessions_end(member=request.user)
        logout(request)
        messages.success(request, _("You have been signed out on all devices."))
        return redirect("members:sign-in")
