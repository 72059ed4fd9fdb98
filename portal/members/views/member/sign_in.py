"""Views to sign in: members by phone and code, staff by password and code."""

import time

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from portal.core.errors import DomainError
from portal.core.text import mask_phone
from portal.members.choices import CodePurpose
from portal.members.forms.sign_in import ActivateForm, CodeForm, FactorForm, FreshForm, SignInForm, StaffSignInForm
from portal.members.models import Member, SignInCode
from portal.members.services.activation import member_activate, person_check
from portal.members.services.factors import confirmed_factor, factor_check
from portal.members.services.sign_in import code_confirm, code_send, member_for_code, network_note, staff_password_check
from portal.messaging.channels import FileSms
from portal.web.address import client_address
from portal.web.home import safe_next
from portal.web.views import FormPageView

BACKEND = "portal.members.backends.PasswordBackend"
PENDING = "sign_in"
FRESH_SECONDS = 30 * 60
FACTOR_SECONDS = 10 * 60


def sign_in(request, member, *, staff=False):
    """Begin a session with a new key and the way of signing in; for staff, end any other session."""
    pending = request.session.pop(PENDING, {})
    login(request, member, backend=BACKEND)
    network_note(member=member, address=client_address(request))
    now = int(time.time())
    request.session["signed_in_at"] = request.session["seen_at"] = request.session["code_at"] = now
    if staff:
        request.session["staff"] = True
        request.session.save()
        Member.objects.filter(pk=member.pk).update(session_key=request.session.session_key)
    return redirect(pending.get("next") or "/")


@method_decorator(login_not_required, name="dispatch")
class DoorView(FormPageView):
    """Base of the pages before sign-in: plain layout; a person who is signed in is redirected."""

    shell = "plain"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect(safe_next(request))
        return super().dispatch(request, *args, **kwargs)

    @property
    def pending(self):
        return self.request.session.get(PENDING, {})

    def remember(self, **values):
        self.request.session[PENDING] = {**self.pending, **values}

    def get_context_data(self, **kwargs):
        return super().get_context_data(next=safe_next(self.request, ""), **kwargs)


class SignInView(DoorView):
    """Asks for the phone and sends a code; known and unknown numbers get the same answer."""

    template_name = "members/sign_in.html"
    form_class = SignInForm

    def perform(self, form):
        phone = form.cleaned_data["phone"]
        row = code_send(phone=phone, purpose=CodePurpose.SIGN_IN, address=client_address(self.request))
        self.request.session.pop(PENDING, None)
        self.remember(code=row.pk, phone=mask_phone(phone), next=safe_next(self.request, ""))

    def next_url(self, result):
        return reverse_lazy("members:sign-in-code")


class PendingMixin:
    """Limits a page to sessions with a code that was sent; others are redirected to the beginning."""

    begin = "members:sign-in"

    def dispatch(self, request, *args, **kwargs):
        self.row = SignInCode.objects.filter(pk=request.session.get(PENDING, {}).get("code")).first()
        if self.row is None and not request.user.is_authenticated:
            return redirect(self.begin)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        waited = (timezone.now() - self.row.created_at).total_seconds()
        return super().get_context_data(
            phone=self.request.session.get(PENDING, {}).get("phone", ""),
            resend_in=max(0, int(settings.SIGN_IN_RESEND_SECONDS - waited)),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if "resend" in request.POST:
            form = self.get_form_class()()
            try:
                row = code_send(
                    phone=self.row.phone,
                    purpose=self.row.purpose,
                    address=client_address(request),
                    member=self.row.member,
                )
            except DomainError as error:
                return self.render_to_response(
                    self.get_context_data(form=form, notice=error.message), status=error.status
                )
            self.request.session[PENDING] = {**request.session.get(PENDING, {}), "code": row.pk}
            return redirect(request.path)
        return super().post(request, *args, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class CodeView(PendingMixin, DoorView):
    """Takes the code: an account opens; a roster entry leads to the name, an unknown number to advice."""

    template_name = "members/sign_in_code.html"
    form_class = CodeForm

    def perform(self, form):
        if self.row.purpose != CodePurpose.SIGN_IN:
            raise PermissionDenied
        row = code_confirm(code_row=self.row, code=form.cleaned_data["code"])
        member, candidates = member_for_code(row)
        if member is not None:
            return sign_in(self.request, person_check(member))
        return redirect("members:sign-in-activate" if candidates else "members:sign-in-unknown")

    def next_url(self, result):
        return result.url


@method_decorator(login_not_required, name="dispatch")
class ActivateView(PendingMixin, DoorView):
    """The first sign-in: the name keeps a mistyped number from opening somebody else's account."""

    template_name = "members/sign_in_activate.html"
    form_class = ActivateForm

    def perform(self, form):
        member = member_activate(code_row=self.row, **form.cleaned_data)
        return sign_in(self.request, member)

    def next_url(self, result):
        return result.url


class StaffSignInView(DoorView):
    """Takes login name and password; the second step is an authenticator or a code to the phone."""

    template_name = "members/sign_in_staff.html"
    form_class = StaffSignInForm

    def perform(self, form):
        address = client_address(self.request)
        member = staff_password_check(address=address, **form.cleaned_data)
        if confirmed_factor(member):
            self.request.session.cycle_key()
            self.request.session.pop(PENDING, None)
            self.remember(staff=member.pk, at=int(time.time()), next=safe_next(self.request, ""))
            return "members:sign-in-totp"
        if not member.phone:
            raise DomainError(
                _("No mobile number is stored for you, so no code can be sent. Ask the level above you to add it."),
                code="no-phone",
            )
        standing = SignInCode.objects.filter(
            member=member, purpose=CodePurpose.FACTOR, used_at=None, confirmed_at=None, tries=0,
            expires_at__gt=timezone.now(),
        ).order_by("-pk")  # fmt: skip
        row = standing.first() or code_send(
            phone=member.phone, purpose=CodePurpose.FACTOR, address=address, member=member
        )
        self.request.session.cycle_key()
        self.request.session.pop(PENDING, None)
        self.remember(
            code=row.pk,
            phone=mask_phone(member.phone),
            staff=member.pk,
            at=int(time.time()),
            next=safe_next(self.request, ""),
        )
        return "members:sign-in-factor"

    def next_url(self, result):
        return reverse_lazy(result)


class SecondStepMixin:
    """Limits the second step to staff who still hold a duty, for ten minutes after the right password."""

    begin = "members:sign-in-staff"

    def dispatch(self, request, *args, **kwargs):
        pending = request.session.get(PENDING, {})
        if not request.user.is_authenticated:
            if "staff" not in pending or time.time() - pending.get("at", 0) > FACTOR_SECONDS:
                return redirect(self.begin)
            self.member = Member.objects.filter(pk=pending["staff"], is_active=True).first()
            if self.member is None or not self.member.is_desk:
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def next_url(self, result):
        return result.url


@method_decorator(login_not_required, name="dispatch")
class FactorView(SecondStepMixin, PendingMixin, DoorView):
    """The second step by SMS, for staff without an authenticator."""

    template_name = "members/sign_in_factor.html"
    form_class = CodeForm

    def perform(self, form):
        member = self.member
        if self.row.member_id != member.pk or self.row.purpose != CodePurpose.FACTOR:
            raise PermissionDenied
        if confirmed_factor(member):
            raise PermissionDenied
        code_confirm(code_row=self.row, code=form.cleaned_data["code"])
        return sign_in(self.request, member, staff=True)


@method_decorator(login_not_required, name="dispatch")
class TotpView(SecondStepMixin, DoorView):
    """The second step by authenticator or recovery code."""

    template_name = "members/sign_in_totp.html"
    form_class = FactorForm

    def perform(self, form):
        factor_check(member=self.member, code=form.cleaned_data["code"])
        return sign_in(self.request, self.member, staff=True)


class SignOutView(View):
    """Ends the session on the server."""

    provisional = True
    http_method_names = ["post"]

    def post(self, request):
        logout(request)
        return redirect("home")


class FreshView(FormPageView):
    """Sends a code to the phone of the member who is signed in, before choices and contacts are shown."""

    provisional = True
    shell = None
    template_name = "members/fresh.html"
    form_class = FreshForm

    def perform(self, form):
        member = self.request.user
        row = code_send(
            phone=member.sms_number(), purpose=CodePurpose.FRESH, address=client_address(self.request), member=member
        )
        self.request.session[PENDING] = {
            "code": row.pk,
            "phone": mask_phone(member.sms_number()),
            "next": safe_next(self.request, ""),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            phone=mask_phone(self.request.user.sms_number()), next=safe_next(self.request, ""), **kwargs
        )

    def next_url(self, result):
        return reverse_lazy("members:fresh-code")


class FreshCodeView(PendingMixin, FormPageView):
    """Takes that code; no other is needed for half an hour."""

    provisional = True
    shell = None
    template_name = "members/fresh_code.html"
    form_class = CodeForm

    def dispatch(self, request, *args, **kwargs):
        row = SignInCode.objects.filter(pk=request.session.get(PENDING, {}).get("code")).first()
        if request.user.is_authenticated and (
            row is None or row.purpose != CodePurpose.FRESH or row.member_id != request.user.pk
        ):
            return redirect("members:fresh")
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form):
        code_confirm(code_row=self.row, code=form.cleaned_data["code"])
        self.request.session["code_at"] = int(time.time())
        return self.request.session.pop(PENDING, {}).get("next") or "/"

    def next_url(self, result):
        return result


def is_fresh(request):
    """Return whether a code was typed in this session within the last half hour."""
    return time.time() - request.session.get("code_at", 0) <= FRESH_SECONDS


def fresh_url(request):
    """Return the address at which a code is typed, and which leads back to the page asked for."""
    target = request.get_full_path() if request.method == "GET" else request.path
    return reverse_lazy("members:fresh", query={"next": target})


class FreshRequiredMixin:
    """Limits a page to sessions in which a code was typed within the last half hour."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not is_fresh(request):
            return redirect(fresh_url(request))
        return super().dispatch(request, *args, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class SentMessagesView(generic.TemplateView):
    """The text messages "sent" in demo and development; elsewhere the page does not exist."""

    http_method_names = ["get", "head"]
    template_name = "members/sent_messages.html"

    def dispatch(self, request, *args, **kwargs):
        if not settings.ALLOW_DEMO_PEOPLE or not settings.SMS_BACKEND.endswith(".FileSms"):
            raise Http404
        request.shell = "plain"
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(sent=FileSms.sent(), **kwargs)
