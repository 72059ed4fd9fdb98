"""Vouching: who is on no roster asks her unit; the unit answers on its desk."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.audit.selectors import history
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.text import mask_identity, mask_phone, whole_number
from portal.members import rules
from portal.members.choices import CodePurpose, VouchingState
from portal.members.filters import VouchingFilter
from portal.members.forms.people import ReasonForm, VouchingAskForm, VouchingGrantForm
from portal.members.models import SignInCode, Vouching
from portal.members.services.transfers import person_elsewhere
from portal.members.services.vouching import (
    CODE_HOLDS,
    standing_prolong,
    units_found,
    vouching_ask,
    vouching_grant,
    vouching_of_code,
    vouching_refuse,
)
from portal.members.tables import VouchingTable
from portal.members.views.restoring import PersonActionView
from portal.members.views.sign_in import PENDING, DoorView
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.web.views import ActionView, CapabilityMixin, DetailView, ListView

YEAR = timedelta(days=365)


def confirmed_code(request):
    """Return the code row of the phone that was confirmed in this session a moment ago, or None."""
    pk = request.session.get(PENDING, {}).get("code")
    since = timezone.now() - CODE_HOLDS
    return SignInCode.objects.filter(pk=pk, purpose=CodePurpose.SIGN_IN, confirmed_at__gt=since).first()


@method_decorator(login_not_required, name="dispatch")
class NotFoundOnRosterView(generic.TemplateView):
    """Her number is on no roster: how her request stands, or what she can do."""

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
    """Finds her unit by name and asks it to vouch; only after her phone was confirmed."""

    template_name = "members/sign_in_unit.html"
    form_class = VouchingAskForm
    title = _("Name your unit")

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


class VouchingListView(CapabilityMixin, ListView):
    model = Vouching
    area = Area.MEMBERS
    table_class = VouchingTable
    filterset_class = VouchingFilter
    title = _("Vouching")
    empty_title = _("Nobody has asked")
    empty_text = _("Who is on no roster can sign in, name her unit and ask it to vouch for her; that stands here.")


class VouchingDetailView(DetailView):
    model = Vouching
    template_name = "members/vouching_detail.html"

    def get_title(self):
        return _("Vouching %(number)s") % {"number": self.object.pk}

    @staticmethod
    def elsewhere(row):
        """Say whether the number she gave stands on another roster: she is to be asked for, not vouched for."""
        waiting = row.state == VouchingState.ASKED and row.identity_number
        return bool(waiting) and person_elsewhere(row.identity_number, row.organization) is not None

    def get_context_data(self, **kwargs):
        row = self.object
        facts = [
            {"label": _("Unit"), "value": row.organization.name},
            {"label": _("Full name"), "value": row.member.name if row.member else row.name},
            {"label": _("Identity number"), "value": mask_identity(row.identity_number)},
            {"label": _("Mobile number"), "value": mask_phone(row.phone)},
            {"label": _("Asked on"), "value": row.asked_at},
            {"label": _("Decided on"), "value": row.decided_at},
            {"label": _("Decided by"), "value": row.decided_by.name if row.decided_by else ""},
            {"label": _("Holds until (not included)"), "value": row.until},
            {"label": _("Reason"), "value": row.reason},
        ]
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"]],
            may_answer=rules.can_vouch(self.request.user, row),
            elsewhere=self.elsewhere(row),
            member_url=row.member.get_absolute_url() if row.member else "",
            entries=history(row),
            **kwargs,
        )


class VouchingGrantView(ActionView):
    model = Vouching
    rule = rules.can_vouch
    form_class = VouchingGrantForm
    title = _("Vouch for her")
    action_label = _("Vouch for her")
    consequence = _(
        "You say that she belongs to this unit and that you have compared name and number. She is put on the roster and"
        " can sign in at once."
    )
    success_message = _("She is on the roster and is told by text message.")

    row_name = "vouching"
    service = vouching_grant

    def get_initial(self):
        return {"until": timezone.localdate() + YEAR}


class VouchingRefuseView(ActionView):
    model = Vouching
    rule = rules.can_vouch
    form_class = ReasonForm
    title = _("Refuse")
    action_label = _("Refuse")
    consequence = _("She reads your reason when she signs in again, and can ask another unit.")
    danger = True
    success_message = _("The request is refused.")

    row_name = "vouching"
    service = vouching_refuse


class MemberVouchView(PersonActionView):
    """Renews the standing of a person on the roster."""

    rule = rules.can_prolong
    form_class = VouchingGrantForm
    title = _("Vouch for her standing")
    action_label = _("Vouch for her")
    consequence = _("You say that she belongs to this unit until that day.")
    success_message = _("Her standing is vouched for.")

    row_name = "member"
    service = standing_prolong

    def get_initial(self):
        return {"until": timezone.localdate() + YEAR}
