"""The messages of a person, as part of their own data."""

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
    """Return the messages of ``member``, newest first, with channel, text and state."""
    rows = Message.objects.filter(recipient=member).order_by("-id")[:NEWEST]
    return [
        (row.created_at, row.get_channel_display(), *_words(row), row.get_state_display(), row.read_at) for row in rows
    ]


def _words(row: Message) -> tuple[str, str]:
    try:
        return message_words(row)
    except Exception:  # a missing template or row must not block access to own data
        return row.kind, ""


SOURCES = (
    Source(
        "messages",
        _("My messages"),
        (_("Time"), _("Channel"), _("Title"), _("Content"), _("State"), _("Read at")),
        message_rows,
    ),
)
SEEN: tuple[Seen, ...] = ()


def assigned(member: Member) -> list[Assigned]:
    """Return nothing: nobody reads a member's messages.

    Administrators of the outbox see only kinds and states.
    """
    return []
