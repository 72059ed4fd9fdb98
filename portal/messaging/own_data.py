"""The messages a person got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.own_data import Source
from portal.messaging.models import Message
from portal.messaging.services.messages import message_words

if TYPE_CHECKING:
    from portal.core.own_data import Assigned, Seen
    from portal.members.models import Member

NEWEST = 2000


def message_rows(member: Member) -> list[tuple[object, ...]]:
    """Her messages, the newest first: those in the portal with their words, those sent outside as sent."""
    rows = Message.objects.filter(recipient=member).order_by("-id")[:NEWEST]
    return [
        (row.created_at, row.get_channel_display(), *_words(row), row.get_state_display(), row.read_at) for row in rows
    ]


def _words(row: Message) -> tuple[str, str]:
    try:
        return message_words(row)
    except Exception:  # a template that is gone or lacks its row must not keep her from her data
        return row.kind, ""


SOURCES = (
    Source(
        "messages",
        _("My messages"),
        (_("At"), _("Channel"), _("Title"), _("Words"), _("State"), _("Read at")),
        message_rows,
    ),
)
SEEN: tuple[Seen, ...] = ()


def assigned(member: Member) -> list[Assigned]:
    """Nobody reads another's messages; administrators of the outbox see kinds and states."""
    return []
