"""Where lists from Excel stand in the desk's menu."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.web.menu import Entry

ENTRIES = [
    Entry(
        "desk",
        _("Lists from Excel"),
        "exchange:index",
        "file-import",
        order=80,
        section=_("Organisation and members"),
        area=Area.MEMBERS,
    ),
]
