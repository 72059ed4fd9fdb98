"""The public pages of certificates: the check page at its short permanent address, and help with the code."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.guard import sparing
from portal.papers.choices import CertificateState, Standing
from portal.papers.codes import LENGTH, Fault, code_clean, code_fault
from portal.papers.kinds import certificate_kinds
from portal.papers.selectors import certificate_by_code, may_see_subject, subject_of
from portal.web.views import ShellMixin

HELP = {
    Fault.EMPTY: "",
    Fault.SHORT: _("The code is too short: a part of the address was cut off. Please type the whole code."),
    Fault.LONG: _("The code is too long. Please type only the code that is printed below the QR code."),
    Fault.MISTYPED: _("The code is mistyped. Please compare it with the one that is printed below the QR code."),
}
UNKNOWN = _(
    "No certificate has this code. If it is printed like this on a plate, please tell the union: it may be false."
)
ANSWERS = {
    Standing.VALID: ("success", _("This certificate is valid.")),
    Standing.EXPIRED: ("warning", _("This certificate has expired.")),
    Standing.WITHDRAWN: ("error", _("This certificate was withdrawn and is no longer valid.")),
}
TONES = {Standing.VALID: "good", Standing.EXPIRED: "bad", Standing.WITHDRAWN: "bad"}


class OpenPage(ShellMixin, generic.TemplateView):
    """A page that anyone may open, in the same shell for all, and that no search engine lists."""

    shell = "plain"
    title = _("Check a certificate")

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response


@method_decorator(login_not_required, name="dispatch")
class CertificateFindView(OpenPage):
    """A form for the printed code, which leads to the check page."""

    template_name = "papers/certificate_find.html"

    def get(self, request, *args, **kwargs):
        code = code_clean(request.GET.get("code", ""))[: 2 * LENGTH]
        return redirect("papers:certificate-check", code=code) if code else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(typed="", words="", length=LENGTH, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class CertificateCheckView(OpenPage):
    """Whether a certificate is valid, expired or withdrawn: kind, number, organisation and dates, nothing personal.

    A wrong or shortened code gets a page of help with status 200, because some scanners show nothing else. The page
    changes nothing. People who may see the row behind the certificate get a link to it. A valid certificate of a kind
    that is ``direct`` leads on at once, for now: the answer is not stored.
    """

    certificate = None
    onward = None

    def get(self, request, *args, **kwargs):
        self.certificate = certificate_by_code(kwargs["code"])
        if self.certificate is not None:
            self.onward = self.find_onward()
            if self.onward and certificate_kinds()[self.certificate.kind].direct:
                return redirect(self.onward[0])
        return super().get(request, *args, **kwargs)

    def get_template_names(self):
        return ["papers/certificate_check.html" if self.certificate else "papers/certificate_find.html"]

    def get_context_data(self, **kwargs):
        if self.certificate is None:
            typed = code_clean(self.kwargs["code"])[: 2 * LENGTH]
            words = HELP.get(code_fault(typed), UNKNOWN)
            return super().get_context_data(typed=typed, words=words, length=LENGTH, **kwargs)
        row, standing = self.certificate, self.certificate.standing
        tone, words = ANSWERS[standing]
        facts = [
            (_("Kind"), row.kind_name),
            (_("Number"), row.number),
            (_("Issuing organisation"), row.organization.name),
            (_("Issued on"), row.issued_on),
            (_("Valid through"), row.valid_until or _("no end")),
        ]
        if row.state == CertificateState.WITHDRAWN:
            facts.append((_("Withdrawn on"), row.withdrawn_on))
            newer = getattr(row, "replaced_by", None)
            if newer is not None:
                facts.append((_("Replaced by"), newer.number))
        return super().get_context_data(
            certificate=row,
            standing=standing,
            badge_tone=TONES[standing],
            tone=tone,
            words=words,
            facts=facts,
            onward=self.onward,
            subject_url=self.subject_url(),
            **kwargs,
        )

    def find_onward(self):
        """Return (address, label) to which the page of a valid certificate leads on, or None."""
        kind = certificate_kinds().get(self.certificate.kind)
        if kind is None or kind.landing is None or self.certificate.standing != Standing.VALID:
            return None
        url = ""
        with sparing(self.certificate):
            subject = subject_of(self.certificate)
            url = kind.landing(subject, self.request) if subject is not None else ""
        return (url, kind.landing_label or _("Continue")) if url else None

    def subject_url(self):
        """Return the address of the row for people who may see it, else ""."""
        if not self.request.user.is_authenticated or not self.request.user.opens_secrets:
            return ""
        if not may_see_subject(self.request.user, self.certificate):
            return ""
        return subject_of(self.certificate).get_absolute_url()
