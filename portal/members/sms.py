"""The text messages about accounts and standing, in the form that a provider approves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.members.models import PhoneChange
from portal.members.services.invitations import invitation_code, invitation_link
from portal.members.services.phones import stop_code_of
from portal.messaging.channels import ChannelRefused
from portal.messaging.texts import Parameter, Shape, SmsTemplate

if TYPE_CHECKING:
    from portal.messaging.models import Message

CODE = (Parameter("code", Shape.CODE),)
UNIT = Parameter("unit", Shape.NAME, source="organization", instead=_("A unit"))


def invitation(message: Message) -> dict[str, str]:
    """Return code and link of an invitation, derived by key when the message is sent.

    ChannelRefused when the invitation is spent.
    """
    about = message.about_id
    code = invitation_code(about) if about is not None else ""
    if about is None or not code:
        raise ChannelRefused("the invitation is no longer open")
    return {"code": code, "link": invitation_link(about)}


def stop_code(message: Message) -> dict[str, str]:
    """Return the code that stops a change of phone, derived by key when the message is sent."""
    about = message.about_id
    change = PhoneChange.objects.filter(pk=about).first() if about is not None else None
    if change is None:
        raise ChannelRefused("the change is gone")
    return {"code": stop_code_of(change)}


TEMPLATES = (
    SmsTemplate(
        "members.code_sign_in",
        _("Your code for signing in is %(code)s, valid for 5 minutes. Never pass it on to anyone."),
        CODE,
    ),
    SmsTemplate(
        "members.code_factor",
        _("Your code for the second step is %(code)s, valid for 5 minutes. Never pass it on to anyone."),
        CODE,
    ),
    SmsTemplate(
        "members.code_fresh",
        _("Your code to confirm who you are is %(code)s, valid for 5 minutes. Never pass it on to anyone."),
        CODE,
    ),
    SmsTemplate(
        "members.invitation",
        _("Your staff account is ready. Choose “I was invited” in the portal within 7 days. Your code: %(code)s."),
        CODE,
        linked=_("Choose how you sign in to the women's committee portal: %(link)s (valid for 7 days, for you alone)."),
        linked_parameters=(Parameter("link", Shape.LINK),),
        more=invitation,
    ),
    SmsTemplate(
        "members.vouched",
        _("%(unit)s has put you on its roster. Sign in with this number."),
        (UNIT,),
    ),
    SmsTemplate(
        "members.transfer_yours",
        _("%(unit)s requests to put you on its roster. Confirm or reject in the portal by %(day)s."),
        (UNIT, Parameter("day", Shape.DAY, source="due")),
    ),
    SmsTemplate(
        "members.erased",
        _("Your data in the union's portal was deleted as you asked. This is the last message to this number."),
    ),
    SmsTemplate(
        "members.code_new_phone",
        _("Your code to use this number for your account is %(code)s, valid for 5 minutes. Never pass it on."),
        CODE,
    ),
    SmsTemplate(
        "members.code_old_phone",
        _("Your code to open your private pages again is %(code)s, valid for 5 minutes. Never pass it on."),
        CODE,
    ),
    SmsTemplate(
        "members.code_seen",
        _("Your code is %(code)s. Read it out only to the union's staff you see in front of you, not on other calls."),
        CODE,
    ),
    SmsTemplate(
        "members.phone_proposed",
        _("Your account moves to another number on %(day)s. Not you? Choose “Stop a change” at the portal: %(code)s."),
        (Parameter("day", Shape.DAY, source="until"), *CODE),
        more=stop_code,
    ),
    SmsTemplate(
        "members.phone_left",
        _("Your account now uses another number. Not you? Choose “Stop a change” at the portal: %(code)s."),
        CODE,
        more=stop_code,
    ),
    SmsTemplate("members.phone_changed", _("Your account in the union's portal now uses this number.")),
    SmsTemplate("members.phone_kept", _("The change of your account's number was withdrawn. Nothing changes.")),
    SmsTemplate(
        "members.phone_stopped", _("The change of your account's number was stopped. Your union has been notified.")
    ),
    SmsTemplate("members.activated", _("Your account in the union's portal was opened. Not you? Call your union.")),
    SmsTemplate("members.proven", _("Your account in the union's portal is confirmed. Not you? Call your union.")),
    SmsTemplate(
        "members.disputed", _("Your account must be confirmed again. Sign in with your mobile number to see how.")
    ),
    SmsTemplate(
        "members.invitation_handed",
        _(
            "A link to open your account in the union's portal was handed over in person. Not to you? "
            "Call your union at once."
        ),
    ),
    SmsTemplate("members.password_set", _("The password of your account was set. Not you? Call your union at once.")),
    SmsTemplate(
        "members.duty",
        _("You were assigned a duty at %(unit)s in the union's portal. Not expected? Call your union."),
        (UNIT,),
    ),
    SmsTemplate(
        "members.duty_ended",
        _("Your duty at %(unit)s in the union's portal ends. Not expected? Call your union."),
        (UNIT,),
    ),
    SmsTemplate(
        "members.unlocked", _("Your account was unlocked after failed attempts. Not expected? Call your union.")
    ),
    SmsTemplate("members.factor", _("A new authenticator was set up for your account. Not you? Call your union.")),
    SmsTemplate(
        "members.factor_removed", _("The authenticator of your account was removed. Not you? Call your union.")
    ),
    SmsTemplate(
        "members.recovery",
        _("A recovery code of your account was used, %(left)s are left. Not you? Call your union at once."),
        (Parameter("left", Shape.COUNT),),
    ),
    SmsTemplate("members.paper_codes", _("Paper codes were printed for your account. Not you? Call your union.")),
    SmsTemplate(
        "members.paper_code_used",
        _("A paper code of your account was used, %(left)s are left. Not you? Call your union at once."),
        (Parameter("left", Shape.COUNT),),
    ),
)
