"""Views for changing the phone number of an account, for the staff who see the person."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.audit.selectors import history
from portal.core.errors import DomainError
from portal.core.text import mask_phone
from portal.members import rules
from portal.members.choices import CodePurpose
from portal.members.forms.phones import PhoneReplaceForm
from portal.members.forms.proofs import RecoveryForm, SeenForm
from portal.members.models import PhoneChange, SignInCode
from portal.members.services.phones import (
    phone_change_by_paper,
    phone_change_propose,
    phone_change_seen,
    phone_change_stop_own,
    phone_change_withdraw,
)
from portal.members.services.proofs import can_see_person, seen_by, seen_code_send, waiting_change
from portal.members.services.recovery import paper_codes_left
from portal.members.views.desk.restoring import PersonActionView
from portal.web.address import client_address
from portal.web.forms import ConfirmForm
from portal.web.views import ActionView, DetailView, RowFormView

OWN = "own_phone"


class PhoneProposeView(PersonActionView):
    """The level above writes a number down, or proposes another number for an account."""

    rule = rules.can_change_phone
    form_class = PhoneReplaceForm
    title = _("Change your mobile number")

    row_name = "member"
    service = phone_change_propose

    def get_consequence(self):
        if self.object.activated_at is None:
            return _("The person has no account yet. The first sign-in with this number opens it.")
        return _(
            "The account keeps its number for now, and the person has been notified. The new number "
            "takes effect at once when two members of staff, one of them from a level above the "
            "unit, have seen the person; otherwise after three days without objection."
        )

    @property
    def action_label(self):
        return _("Record the number") if self.object.activated_at is None else _("Propose the number")

    def next_url(self, result):
        change = waiting_change(self.object)
        return change.get_absolute_url() if change else self.object.get_absolute_url()


class PhoneChangeDetailView(DetailView):
    """A change of number: the member confirms or stops it, staff say that they have seen the person."""

    model = PhoneChange
    shell = None
    provisional = True
    template_name = "members/phone_change_detail.html"
    title = _("Change of mobile number")

    def get_context_data(self, **kwargs):
        change, actor = self.object, self.request.user
        mine = change.member_id == actor.pk
        facts = [
            {"label": _("New mobile number"), "value": mask_phone(change.phone) if change.phone else ""},
            {"label": _("State"), "value": change.get_state_display()},
            {"label": _("Proposed on"), "value": change.proposed_at},
            {
                "label": _("Proposed by"),
                "value": change.proposed_by.name if change.proposed_by else _("the person"),
            },
        ]
        if change.is_waiting:
            facts.append({"label": _("Takes effect, if there is no objection, at"), "value": change.due_at})
        elif change.means:
            facts.append({"label": _("How it took effect"), "value": change.get_means_display()})
        if not mine:
            facts.insert(
                0, {"label": _("Person"), "value": change.member.name, "url": change.member.get_absolute_url()}
            )
        return super().get_context_data(
            facts=facts,
            mine=mine,
            may_see=change.is_waiting and can_see_person(actor, change.member),
            may_withdraw=change.is_waiting and rules.can_withdraw_phone(actor, change),
            codes_left=paper_codes_left(change.member),
            seen=seen_by(change.member, change.phone_index),
            entries=[] if mine else history(change),
            **kwargs,
        )


class OfPhoneChangeView(RowFormView):
    """Base of the actions of staff on a waiting change."""

    model = PhoneChange
    shell = "desk"

    @staticmethod
    def rule(actor, change):
        return change.is_waiting and can_see_person(actor, change.member)


class PhoneChangeSeenView(OfPhoneChangeView):
    """Confirms a sighting: a code goes to the new number, the person reads it out, staff type it."""

    template_name = "members/member_seen.html"
    form_class = SeenForm
    title = _("I have seen this person")

    @cached_property
    def code_row(self):
        rows = SignInCode.objects.filter(
            member=self.object.member, purpose=CodePurpose.SEEN, used_at=None, expires_at__gt=timezone.now()
        )
        return rows.filter(phone_index=self.object.phone_index).order_by("-pk").first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sent=self.code_row is not None,
            phone=mask_phone(self.object.phone),
            seen=seen_by(self.object.member, self.object.phone_index),
            send_form=ConfirmForm(),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if "send" in request.POST:
            try:
                seen_code_send(
                    actor=request.user,
                    member=self.object.member,
                    change=self.object,
                    address=client_address(request),
                )
            except DomainError as error:
                messages.error(request, error.message)
            return redirect(request.path)
        return super().post(request, *args, **kwargs)

    def perform(self, form):
        change = phone_change_seen(actor=self.request.user, change=self.object, **form.cleaned_data)
        if waiting_change(change.member):
            words = _(
                "Recorded. A second member of staff is needed; one of the two must be from a level above the unit."
            )
        else:
            words = _("The account uses the new number now. Private pages stay closed for a while.")
        messages.success(self.request, words)
        return change


class PhoneChangePaperView(OfPhoneChangeView):
    """Applies a change by a paper code that the person reads out, at the counter or by telephone."""

    form_class = RecoveryForm
    title = _("The person has a paper code")
    submit_label = _("Use the code")
    success_message = _("The account uses the new number now. It is provisional until the person is confirmed.")

    row_name = "change"
    service = phone_change_by_paper


class PhoneChangeWithdrawView(ActionView):
    """Withdraws a proposed change of number."""

    model = PhoneChange
    rule = rules.can_withdraw_phone
    title = _("Withdraw the change of number")
    action_label = _("Withdraw")
    consequence = _("The account keeps its number, and the person is notified.")
    success_message = _("Withdrawn.")

    row_name = "change"
    service = phone_change_withdraw


class PhoneChangeStopView(ActionView):
    """Stops a change of number, by the member from the account itself."""

    model = PhoneChange
    shell = None
    provisional = True
    rule = rules.is_own_phone_change
    title = _("Stop the change of number")
    action_label = _("Stop it")
    consequence = _("Your account keeps its number. Your union and the security administrators are notified.")
    success_message = _("Stopped. Your account keeps its number.")

    def perform(self, form):
        return phone_change_stop_own(member=self.request.user, change=self.object)
