"""The text messages of this package, as a provider approves them."""

from django.utils.translation import gettext_lazy as _

from portal.messaging.texts import SmsTemplate

TEMPLATES = (
    SmsTemplate(
        "messaging.mailbox",
        _("The e-mail address of your account was changed. Was it not you? Call your union."),
    ),
)
