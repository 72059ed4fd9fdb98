"""Labels of actions on inspections in the audit."""

from django.utils.translation import gettext_lazy as _

WORDS = {"notice": _("Rectification notice issued")}
