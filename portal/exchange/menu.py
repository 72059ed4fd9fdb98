"""Where lists from Excel stand in the desk's menu."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.web.menu import Entry

ENTRIES = [
    Entry(
        shell="desk",
        label=_("Lists from Excel"),
        url_name="exchange:index",
        icon="file-import",
        order=80,
        section=_("Organisation and members"),
        area=Area.MEMBERS,
    ),
]
