"""Wording of what happens to receipt codes and messages, for the audit."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "code-used": _("Opened with the receipt code"),
    "code-noted": _("Receipt code noted by the applicant"),
    "code-closed": _("Receipt code closed"),
    "applicant-wrote": _("Message of the applicant"),
    "staff-wrote": _("Message to the applicant"),
}
