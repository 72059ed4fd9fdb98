"""The entry of the audit in the desk menu, for audit administrators only."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.web.menu import Entry

ENTRIES = [
    Entry("desk", _("Audit"), "audit:entry-list", "shield-check", 95, _("Administration"), Area.AUDIT),
]
