"""Labels of actions on cases and law sessions in the audit."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "staff": _("Assigned"),
    "opened": _("Opened"),
    "submit": _("Request submitted"),
    "answer": _("The applicant answered"),
    "step": _("Step added"),
    "step_done": _("Step finished"),
    "step_out": _("Stepped out"),
    "file": _("File added"),
    "file_read": _("File opened"),
    "readmit": _("Stepping out lifted"),
    "correct": _("Number corrected"),
    "emptied": _("Texts deleted after their time"),
}
ACTORS = {"rights.applicant": _("the applicant")}
