"""The menu entry of the board of deadlines."""

from django.utils.translation import gettext_lazy as _

from portal.web.menu import Entry

ENTRIES = [Entry("desk", _("Deadlines"), "deadlines:deadline-list", "calendar-clock", 3)]
