"""Views to confirm one's own account."""

import segno
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.core.text import mask_phone
from portal.members.choices import CodePurpose
from portal.members.forms.proofs import RecoveryForm
from portal.members.forms.sign_in import CodeForm
from portal.members.models import SignInCode
from portal.members.services.phones import earlier_phone, secrets_open_by_old_phone
from portal.members.services.proofs import proof_by_check, seen_by, shown_code, waiting_change
from portal.members.services.recovery import paper_codes_left, paper_codes_renew, secrets_open_by_code
from portal.members.services.sign_in import code_send
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.web.address import client_address, client_key
from portal.web.forms import ConfirmForm
from portal.web.home import safe_next
from portal.web.views import FormPageView


class ProofView(FormPageView):
    """Whether the account is confirmed, what a confirmation opens, and the ways to it in order."""

    shell = None
    provisional = True
    template_name = "members/proof.html"
    form_class = ConfirmForm
    title = _("Confirm who you are")

    def get_context_data(self, **kwargs):
        me = self.request.user
        return super().get_context_data(
            open=me.opens_secrets,
            closed_until=me.secrets_closed_until if me.is_proven and not me.opens_secrets else None,
            checkable=bool(me.identity_number and me.phone and me.phone_confirmed_at),
            seen=seen_by(me, me.phone_index),
            change=waiting_change(me),
            codes_left=paper_codes_left(me),
            old_phone=bool(me.secrets_closed_until and not me.opens_secrets and earlier_phone(me)),
            next=safe_next(self.request, ""),
            **kwargs,
        )

    def form_valid(self, form):
        if "show" in self.request.POST:
            return self.show(form)
        try:
            proof_by_check(member=self.request.user, actor_key=client_key(self.request))
        except DomainError as error:
            return self.refused(form, error)
        messages.success(self.request, _("You are confirmed. All pages are open to you."))
        return HttpResponseRedirect(safe_next(self.request, str(reverse("members:proof"))))

    def show(self, form):
        try:
            code, ends = shown_code(member=self.request.user)
        except DomainError as error:
            return self.refused(form, error)
        address = self.request.build_absolute_uri(reverse("members:people-confirm"))
        picture = segno.make(f"{address}#{code}", error="m").svg_data_uri(scale=5, border=3, light="white")
        shown = f"{code[:4]} {code[4:]}"
        return self.render_to_response(self.get_context_data(form=form, shown=shown, ends=ends, picture=picture))


class RecoveryUseView(FormPageView):
    """Takes a recovery code and opens at once the private pages that a change of phone closed."""

    shell = None
    provisional = True
    form_class = RecoveryForm
    title = _("Use a recovery code")
    submit_label = _("Open my pages")
    success_message = _("You are confirmed. All pages are open to you.")
    success_url = reverse_lazy("members:proof")
    back_url = success_url

    def perform(self, form):
        secrets_open_by_code(member=self.request.user, actor_key=client_key(self.request), **form.cleaned_data)


class OldPhoneView(FormPageView):
    """Opens private pages that a change of phone closed, by a code to the earlier number."""

    shell = None
    provisional = True
    template_name = "members/proof_old_phone.html"
    form_class = CodeForm
    title = _("Use the earlier number")
    success_url = reverse_lazy("members:proof")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.phone = "" if request.user.opens_secrets else earlier_phone(request.user)
            if not self.phone:
                return HttpResponseRedirect(reverse("members:proof"))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def code_row(self):
        rows = SignInCode.objects.filter(
            member=self.request.user, purpose=CodePurpose.OLD_PHONE, used_at=None, expires_at__gt=timezone.now()
        )
        return rows.order_by("-pk").first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(sent=self.code_row is not None, phone=mask_phone(self.phone), **kwargs)

    def post(self, request, *args, **kwargs):
        if "send" in request.POST:
            try:
                code_send(
                    phone=self.phone,
                    purpose=CodePurpose.OLD_PHONE,
                    address=client_address(request),
                    member=request.user,
                )
            except DomainError as error:
                messages.error(request, error.message)
            return HttpResponseRedirect(request.path)
        return super().post(request, *args, **kwargs)

    def perform(self, form):
        if self.code_row is None:
            raise DomainError(_("Send the code first."), code="no-code")
        secrets_open_by_old_phone(member=self.request.user, code_row=self.code_row, code=form.cleaned_data["code"])
        messages.success(self.request, _("You are confirmed. All pages are open to you."))


class PaperCodesView(FreshRequiredMixin, FormPageView):
    """Creates the member's own recovery codes and shows them this once."""

    shell = None
    template_name = "members/paper_code_begin.html"
    form_class = ConfirmForm
    title = _("Recovery codes on paper")

    def get_context_data(self, **kwargs):
        return super().get_context_data(codes_left=paper_codes_left(self.request.user), **kwargs)

    def form_valid(self, form):
        codes = paper_codes_renew(member=self.request.user)
        self.template_name = "members/paper_code_new.html"
        context = {"title": self.title, "codes": codes, "page": self, "view": self}
        return self.render_to_response(context)
