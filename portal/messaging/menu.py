"""Menu entries of messages."""

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
    """Return how many messages ``actor`` has not read, counted up to 99.

    It is counted once for each request, because the bar and the bell both ask.
    """
    kept: Any = actor  # attribute used only here
    if not hasattr(kept, "_unread_messages"):
        kept._unread_messages = Message.objects.visible_to(actor).unread().order_by()[:99].count()
    return int(kept._unread_messages)


def dead_count(actor: Member) -> int:
    """Return how many messages were given up, counted up to 99."""
    return Message.objects.given_up(actor).order_by()[:99].count()


ENTRIES = [
    Entry("member", _("Messages"), "messaging:inbox", "bell", order=50, count=unread_count, spare=True),
    Entry(
        "desk",
        _("Messages that could not be sent"),
        "messaging:message-dead",
        "mail",
        order=95,
        section=_("System"),
        area=Area.SYSTEM,
        count=dead_count,
    ),
]
