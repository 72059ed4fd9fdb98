"""Labels of actions on nursing rooms in the audit."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "clean": _("Cleaned"),
    "plate": _("Plate issued"),
    "plate-replaced": _("Plate replaced"),
    "tap": _("Reported at the door"),
}
