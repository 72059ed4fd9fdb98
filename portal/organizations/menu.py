"""Menu entries of organisations."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.web.menu import Entry

ENTRIES = [
    Entry(
        "desk",
        _("Organisations"),
        "organizations:organization-list",
        "sitemap",
        order=60,
        section=_("Organisation and members"),
        area=Area.ORGANIZATIONS,
    ),
    Entry(
        "desk",
        _("Tree of organisations"),
        "organizations:organization-tree",
        "list-details",
        order=61,
        section=_("Organisation and members"),
        area=Area.ORGANIZATIONS,
    ),
    Entry(
        "desk",
        _("Employers"),
        "organizations:employer-list",
        "briefcase",
        order=62,
        section=_("Organisation and members"),
        area=Area.ORGANIZATIONS,
    ),
]
