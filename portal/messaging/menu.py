"""Messages in the menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.messaging.models import Message
from portal.web.menu import Entry

if TYPE_CHECKING:
    from typing import Any

    from portal.members.models import Member


def unread_count(actor: Member) -> int:
    """Return how many messages she has not read; counted to 99, and once a request: bar and bell both ask."""
    kept: Any = actor  # the attribute is of this function alone
    if not hasattr(kept, "_unread_messages"):
        kept._unread_messages = Message.objects.visible_to(actor).unread().order_by()[:99].count()
    return int(kept._unread_messages)


def dead_count(actor: Member) -> int:
    """Return how many messages were given up; counted to 99."""
    return Message.objects.given_up(actor).order_by()[:99].count()


ENTRIES = [
    Entry("member", _("Messages"), "messaging:inbox", "bell", order=50, count=unread_count, spare=True),
    Entry(
        "desk",
        _("Messages given up"),
        "messaging:message-dead",
        "mail",
        order=95,
        section=_("System"),
        area=Area.SYSTEM,
        count=dead_count,
    ),
]
