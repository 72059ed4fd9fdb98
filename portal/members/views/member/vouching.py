"""Views of vouching for a person on no roster who asks their unit."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.errors import DomainError
from portal.core.text import whole_number
from portal.members.choices import CodePurpose, VouchingState
from portal.members.forms.vouching import VouchingAskForm
from portal.members.models import SignInCode
from portal.members.services.vouching import CODE_HOLDS, units_found, vouching_ask, vouching_of_code
from portal.members.views.member.sign_in import PENDING, DoorView
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization


def confirmed_code(request):
    """Return the code row of the phone that was confirmed in this session lately, or None."""
    pk = request.session.get(PENDING, {}).get("code")
    since = timezone.now() - CODE_HOLDS
    return SignInCode.objects.filter(pk=pk, purpose=CodePurpose.SIGN_IN, confirmed_at__gt=since).first()


@method_decorator(login_not_required, name="dispatch")
class NotFoundOnRosterView(generic.TemplateView):
    """The page for a person whose number is on no roster: the state of their request, or what to do."""

    http_method_names = ["get", "head"]
    template_name = "members/sign_in_unknown.html"

    def dispatch(self, request, *args, **kwargs):
        request.shell = "plain"
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        code = confirmed_code(self.request)
        asked = vouching_of_code(code) if code else None
        return super().get_context_data(
            confirmed=code is not None,
            asked=asked,
            waiting=asked is not None and asked.state == VouchingState.ASKED,
            refused=asked is not None and asked.state == VouchingState.REFUSED,
            expired=asked is not None and asked.state == VouchingState.EXPIRED,
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class VouchingAskView(DoorView):
    """Finds the person's unit by name and asks it to vouch, but only after the phone was confirmed."""

    template_name = "members/sign_in_unit.html"
    form_class = VouchingAskForm
    title = _("Enter your unit")

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            self.code = confirmed_code(request)
            if self.code is None:
                return redirect("members:sign-in")
        return super().dispatch(request, *args, **kwargs)

    def _unit(self):
        number = whole_number(self.request.GET.get("unit", "") or self.request.POST.get("organization", ""))
        units = Organization.objects.filter(kind=OrganizationKind.GRASSROOTS, closed_on=None)
        return units.select_related("parent").filter(pk=number).first() if number else None

    def get_initial(self):
        unit = self._unit()
        return {"organization": unit.pk if unit else None}

    def get_context_data(self, **kwargs):
        words = self.request.GET.get("name", "")[:60]
        found, notice = [], ""
        if words and self.request.method == "GET":
            try:
                found = units_found(words, key=self.code.phone_index)
            except DomainError as error:
                notice = error.message
        return super().get_context_data(unit=self._unit(), words=words, found=found, notice=notice, **kwargs)

    def perform(self, form):
        vouching_ask(code_row=self.code, **form.cleaned_data)

    def next_url(self, result):
        return reverse_lazy("members:sign-in-unknown")
