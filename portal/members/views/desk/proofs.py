"""Views for confirming the person behind an account, for the staff who see the person."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.text import mask_phone
from portal.members import rules
from portal.members.choices import CodePurpose
from portal.members.forms.people import ReasonForm
from portal.members.forms.proofs import PeopleConfirmForm, SeenForm
from portal.members.models import Member, SignInCode
from portal.members.services.proofs import (
    can_see_person,
    proof_dispute,
    seen_by,
    seen_code_send,
    shown_find,
    sighting_by_message,
    sightings_by_codes,
)
from portal.members.services.recovery import paper_codes_renew
from portal.members.views.desk.restoring import PersonActionView
from portal.web.address import client_address
from portal.web.forms import ConfirmForm
from portal.web.views import CapabilityMixin, FormPageView, RowFormView


class PeopleConfirmView(CapabilityMixin, FormPageView):
    """Confirms people by the codes that their phones show, for example at a meeting, one code a line.

    The page first shows the names; a second POST confirms them.
    """

    area = Area.MEMBERS
    template_name = "members/people_confirm.html"
    form_class = PeopleConfirmForm
    title = _("Confirm people in person")

    def form_valid(self, form):
        actor, codes = self.request.user, form.cleaned_data["codes"]
        try:
            if "sure" not in self.request.POST:
                people = [shown_find(actor=actor, code=code) for code in codes]
                return self.render_to_response(self.get_context_data(form=form, people=people))
            people = sightings_by_codes(actor=actor, codes=codes, how=form.cleaned_data["how"])
        except DomainError as error:
            return self.refused(form, error)
        done = sum(person.is_proven for person in people)
        words = ngettext("You have confirmed %(count)s person.", "You have confirmed %(count)s people.", len(people))
        messages.success(self.request, words % {"count": len(people)})
        if done < len(people):
            messages.info(
                self.request,
                _("%(count)s of them still need a second member of staff, from a level above or from another unit.")
                % {"count": len(people) - done},
            )
        return HttpResponseRedirect(reverse("members:people-confirm"))


class MemberSeenView(RowFormView):
    """Records a sighting at the counter or by video.

    A code goes to the person's phone, the person reads it out, and staff type it.
    """

    model = Member
    template_name = "members/member_seen.html"
    form_class = SeenForm
    title = _("I have seen this person")

    @staticmethod
    def rule(actor, member):
        return can_see_person(actor, member)

    @cached_property
    def code_row(self):
        rows = SignInCode.objects.filter(
            member=self.object, purpose=CodePurpose.SEEN, used_at=None, expires_at__gt=timezone.now()
        )
        return rows.filter(phone_index=self.object.phone_index).order_by("-pk").first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sent=self.code_row is not None,
            phone=mask_phone(self.object.phone),
            seen=seen_by(self.object, self.object.phone_index),
            send_form=ConfirmForm(),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if "send" in request.POST:
            try:
                seen_code_send(actor=request.user, member=self.object, address=client_address(request))
            except DomainError as error:
                messages.error(request, error.message)
            return HttpResponseRedirect(request.path)
        return super().post(request, *args, **kwargs)

    def perform(self, form):
        held = sighting_by_message(actor=self.request.user, member=self.object, **form.cleaned_data)
        if held.is_proven:
            messages.success(self.request, _("The person is confirmed."))
        else:
            messages.success(
                self.request,
                _(
                    "Recorded. A second member of staff is needed: one from a level above the unit or "
                    "from another unit."
                ),
            )
        return held

    def next_url(self, result):
        return self.object.get_absolute_url()


class MemberDisputeView(PersonActionView):
    """Makes an account provisional again, because staff say that another person uses it."""

    rule = rules.can_dispute
    form_class = ReasonForm
    title = _("Another person uses this account")
    action_label = _("Make the account provisional")
    consequence = _(
        "The account's sessions end and its private pages close until the person is confirmed again. "
        "The person and the security administrators are notified, with your name."
    )
    danger = True
    success_message = _("The account is now provisional.")

    row_name = "member"
    service = proof_dispute


class MemberPaperCodesView(PersonActionView):
    """Prints paper codes for a person without a smartphone.

    They open no private page, because staff have seen them.
    """

    rule = rules.can_edit_member
    form_class = ConfirmForm
    title = _("Print paper codes")
    action_label = _("Generate three codes")
    consequence = _(
        "For a person without a smartphone who is in front of you. With a code, the person can "
        "change to a new number at once, at the counter or by phone. The codes are shown only once, "
        "earlier codes become invalid, and the person is notified."
    )

    def form_valid(self, form):
        try:
            codes = paper_codes_renew(member=self.object, handed_by=self.request.user)
        except DomainError as error:
            return self.refused(form, error)
        self.template_name = "members/paper_code_new.html"
        return self.render_to_response(
            {
                "title": self.title,
                "codes": codes,
                "page": self,
                "view": self,
                "back_url": self.object.get_absolute_url(),
            }
        )
