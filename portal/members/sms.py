"""The text messages about accounts and standing, as a provider approves them."""

from django.utils.translation import gettext_lazy as _

from portal.members.services.passwords import invitation_code, invitation_link
from portal.messaging.channels import ChannelRefused
from portal.messaging.texts import Parameter, Shape, SmsTemplate

CODE = (Parameter("code", Shape.CODE),)
UNIT = Parameter("unit", Shape.NAME, source="organization", instead=_("A unit"))


def invitation(message):
    """Return code and link of an invitation, made by key when the message is sent; ChannelRefused when it is spent."""
    code = invitation_code(message.about_id)
    if not code:
        raise ChannelRefused("the invitation is no longer open")
    return {"code": code, "link": invitation_link(message.about_id)}


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
        _("%(unit)s asks to put you on its roster. Confirm or refuse in the portal by %(day)s."),
        (UNIT, Parameter("day", Shape.DAY, source="due")),
    ),
    SmsTemplate(
        "members.erased",
        _("Your data in the union's portal was deleted as you asked. This is the last message to this number."),
    ),
)
