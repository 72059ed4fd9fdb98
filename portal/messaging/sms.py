"""The text messages of this package, in the form that a provider approves."""

from django.utils.translation import gettext_lazy as _

from portal.messaging.texts import SmsTemplate

TEMPLATES = (
    SmsTemplate(
        "messaging.mailbox",
        _("The e-mail address of your account was changed. Not you? Call your union."),
    ),
)
