"""Views to change the phone of one's own account, and to stop a change from the earlier number."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.members.choices import CodePurpose, PhoneChangeState
from portal.members.forms.phones import OtherNumberForm, PhoneOwnForm, StopForm
from portal.members.forms.sign_in import CodeForm
from portal.members.models import SignInCode
from portal.members.services.phones import phone_change_own, phone_change_stop, recover_by_person
from portal.members.services.sign_in import code_confirm, code_send
from portal.members.views.desk.phones import OWN
from portal.members.views.member.sign_in import PENDING, DoorView, FreshRequiredMixin, sign_in
from portal.members.views.member.vouching import confirmed_code
from portal.web.address import client_address, client_key
from portal.web.views import FormPageView


class PhoneOwnView(FreshRequiredMixin, FormPageView):
    """Takes a new number for the member's own account and sends a code to it.

    The member confirmed the present number a moment ago.
    """

    shell = None
    form_class = PhoneOwnForm
    title = _("Change your mobile number")
    subtitle = _("Your current number has just confirmed you. We will send a code to the new one.")
    submit_label = _("Send the code")
    back_url = reverse_lazy("members:security")

    def perform(self, form):
        row = code_send(
            phone=form.cleaned_data["phone"],
            purpose=CodePurpose.NEW_PHONE,
            address=client_address(self.request),
            member=self.request.user,
        )
        self.request.session[OWN] = row.pk

    def next_url(self, result):
        return reverse("members:phone-own-code")


class PhoneOwnCodeView(FreshRequiredMixin, FormPageView):
    """Takes the code from the new number; the account changes at once and every session ends."""

    shell = None
    form_class = CodeForm
    title = _("Enter the code from the new number")
    submit_label = _("Use this number")
    back_url = reverse_lazy("members:phone-own")

    @cached_property
    def row(self):
        rows = SignInCode.objects.filter(member=self.request.user, purpose=CodePurpose.NEW_PHONE, used_at=None)
        return rows.filter(pk=self.request.session.get(OWN)).first()

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and self.row is None:
            return redirect("members:phone-own")
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form):
        code_confirm(code_row=self.row, code=form.cleaned_data["code"])
        phone_change_own(member=self.request.user, code_row=self.row)
        logout(self.request)
        messages.success(self.request, _("Your account uses the new number. Sign in with it now."))

    def next_url(self, result):
        return reverse("members:sign-in")


@method_decorator(login_not_required, name="dispatch")
class LostView(generic.TemplateView):
    """What to do about a new number or a lost phone, the easiest way first."""

    http_method_names = ["get", "head"]
    template_name = "members/sign_in_lost.html"

    def dispatch(self, request, *args, **kwargs):
        request.shell = "plain"
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(confirmed=confirmed_code(self.request) is not None, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class OtherNumberView(DoorView):
    """Moves an account to the number just confirmed, by the operator's check or by a recovery code."""

    template_name = "members/sign_in_other_number.html"
    form_class = OtherNumberForm

    def dispatch(self, request, *args, **kwargs):
        self.row = confirmed_code(request)
        if self.row is None and not request.user.is_authenticated:
            return redirect("members:sign-in")
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form):
        member = recover_by_person(code_row=self.row, actor_key=client_key(self.request), **form.cleaned_data)
        self.request.session.pop(PENDING, None)
        return sign_in(self.request, member)

    def next_url(self, result):
        return result.url


@method_decorator(login_not_required, name="dispatch")
class StopView(FormPageView):
    """Stops a change of number by the code in the text message to the earlier number."""

    shell = "plain"
    template_name = "members/sign_in_stop.html"
    form_class = StopForm
    title = _("Stop a change of number")

    def perform(self, form):
        change = phone_change_stop(actor_key=client_key(self.request), **form.cleaned_data)
        if change.state == PhoneChangeState.STOPPED:
            messages.success(
                self.request, _("Stopped. The account keeps its number, and your union has been notified.")
            )
        else:
            messages.success(
                self.request,
                _(
                    "The account is closed until your union has seen you in person. The security "
                    "administrators have been notified."
                ),
            )

    def next_url(self, result):
        return reverse("members:sign-in")
