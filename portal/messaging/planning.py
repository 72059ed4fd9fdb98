"""What a rule of reminders consists of; apps declare theirs in ``reminders.py`` as RULES."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from portal.messaging.choices import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model

    from portal.members.models import Member


@dataclass(frozen=True)
class Due:
    """One reminder that is due: its row, recipient and day, and until when it is of use."""

    about: Model
    to: Member
    due_on: date
    until: datetime
    url: str = ""
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A rule of reminders: ``find(now)`` yields what is due now, whatever was planned before.

    It looks back far enough to find what a missed night left; the ledger shows what is new. ``kind`` names the template
    of the message.
    """

    code: str
    kind: str
    find: Callable[[datetime], Iterable[Due]]
    channels: tuple[Channel, ...] = (Channel.IN_APP,)
    urgent: bool = False
