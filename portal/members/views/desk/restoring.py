"""Account actions of the level above, on the page of a member."""

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.members import rules
from portal.members.forms.people import ReasonForm
from portal.members.models import Member
from portal.members.services.factors import confirmed_factor
from portal.members.services.invitations import invitation_hand, invitation_send
from portal.members.services.proofs import can_see_person
from portal.members.services.restoring import account_unlock, factor_remove
from portal.messaging.channels import sms_is_set_up
from portal.web.views import ActionView


class PersonActionView(ActionView):
    """Base of an action on one member, whose name and unit the page shows above the consequence."""

    model = Member

    @property
    def subtitle(self):
        unit = self.object.organization
        return f"{self.object.name} · {unit.name}" if unit else self.object.name


class RestoreView(PersonActionView):
    """Base of an action of the level above on one member, with a reason."""

    capability = Capability.APPOINT
    rule = rules.can_restore
    form_class = ReasonForm
    row_name = "member"


class FactorRemoveView(RestoreView):
    title = _("This person's authenticator is lost")
    action_label = _("Remove the authenticator")
    consequence = _(
        "The authenticator and the recovery codes are removed, and the person's sessions end. They "
        "sign in with their password and the code sent to their phone, and set up a new "
        "authenticator."
    )
    danger = True
    success_message = _("The authenticator is removed.")
    service = factor_remove


class MemberUnlockView(RestoreView):
    title = _("Unlock this person's account")
    action_label = _("Unlock")
    consequence = _("The failed attempts so far are cleared: the person can sign in at once with the right password.")
    success_message = _("The account is unlocked.")
    service = account_unlock


class MemberInviteView(RestoreView):
    title = _("Send a link to this person")
    action_label = _("Send the link")
    consequence = _(
        "With the link the person chooses a login name and password, or a new password if they "
        "already have an account. The link is sent to their mobile number and is valid for seven "
        "days; an older link becomes invalid."
    )
    success_message = _("The link is being sent to the person's mobile number.")
    service = invitation_send


class MemberHandLinkView(RestoreView):
    """Shows the link to a first access on the screen, once, for a member to whom nothing can be sent."""

    title = _("Hand over a link in person")
    action_label = _("Show the link once")
    consequence = _(
        "No text messages can be sent yet, so the link for the first access is shown here once, for "
        "you to hand over in person; an older link becomes invalid. The account stays provisional "
        "until two other members of staff have confirmed the person. The history records that you "
        "generated this link."
    )
    service = invitation_hand

    def form_valid(self, form):
        try:
            link = self.perform(form)
        except DomainError as error:
            return self.refused(form, error)
        context = {"title": self.title, "link": link, "object": self.object, "page": self, "view": self}
        return TemplateResponse(self.request, "members/member_link.html", context)


def account_actions(actor, member):
    """Return the actions of ``actor`` on the account of ``member``, as menu entries of the member's page."""
    found = []
    duties = rules.open_duties(member)
    if rules.can_restore(actor, member, duties):
        found += [
            (_("Send a link to choose a password"), "members:member-invite", "send"),
            (_("Unlock the account"), "members:member-unlock", "lock-open"),
        ]
        if not sms_is_set_up() and member.last_login is None and not member.is_proven:
            found.append((_("Hand over a link in person"), "members:member-hand-link", "link"))
        if confirmed_factor(member):
            found.append((_("Authenticator lost"), "members:member-factor", "device-mobile"))
    if rules.can_change_phone(actor, member, duties):
        found.append((_("New mobile number"), "members:member-phone", "phone"))
    if member.login_key is not None and can_see_person(actor, member):
        found.append((_("I have seen this person"), "members:member-seen", "user-check"))
    if member.login_key is not None and rules.can_edit_member(actor, member) and actor.pk != member.pk:
        found.append((_("Print paper codes"), "members:member-paper-codes", "printer"))
    if member.login_key is not None and rules.can_dispute(actor, member, duties):
        found.append((_("Another person uses this account"), "members:member-dispute", "alert-triangle"))
    if rules.can_prolong(actor, member):
        found.append((_("Renew the standing"), "members:member-vouch", "user-check"))
    return [{"label": label, "url": reverse(name, args=[member.pk]), "icon": icon} for label, name, icon in found]
