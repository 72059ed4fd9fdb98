"""States of letter templates and certificates, and their steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TemplateState(models.TextChoices):
    CURRENT = "current", _("In use")
    KEPT = "kept", _("Not in use")


TEMPLATE_TRANSITIONS = {
    TemplateState.CURRENT: {TemplateState.KEPT},
    TemplateState.KEPT: {TemplateState.CURRENT},
}


class CertificateState(models.TextChoices):
    """States that are stored; whether a valid certificate has expired is computed from its last day."""

    VALID = "valid", _("Valid")
    WITHDRAWN = "withdrawn", _("Certificate withdrawn")


CERTIFICATE_TRANSITIONS = {
    CertificateState.VALID: {CertificateState.WITHDRAWN},
    CertificateState.WITHDRAWN: set(),
}


class Standing(models.TextChoices):
    """What the check page says of a certificate."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Certificate withdrawn")
