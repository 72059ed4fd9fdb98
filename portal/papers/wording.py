"""What the audit calls the actions of papers."""

from django.utils.translation import gettext_lazy as _

WORDS = {"issue": _("Certificate issued")}
