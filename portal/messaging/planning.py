"""What a rule of reminders is made of; rooms declare theirs in ``reminders.py`` as RULES."""

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
    """One reminder that is due: about which row, to whom, for which day, and until when it is of use."""

    about: Model
    to: Member
    due_on: date
    until: datetime
    url: str = ""
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A rule: ``find(now)`` yields what is due now, whatever was planned before.

    It looks back far enough that what a missed night left is still found; the ledger tells what is new. ``kind`` names
    the template of the words.
    """

    code: str
    kind: str
    find: Callable[[datetime], Iterable[Due]]
    channels: tuple[Channel, ...] = (Channel.IN_APP,)
    urgent: bool = False
