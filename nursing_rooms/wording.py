"""Labels of actions on nursing rooms in the audit."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "clean": _("Cleaned"),
    "tap": _("Reported at the door"),
}
