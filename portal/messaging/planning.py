"""What a rule of reminders is made of; rooms declare theirs in ``reminders.py`` as RULES."""

from dataclasses import dataclass, field
from datetime import date, datetime

from portal.messaging.choices import Channel


@dataclass(frozen=True)
class Due:
    """One reminder that is due: about which row, to whom, for which day, and until when it is of use."""

    about: object
    to: object
    due_on: date
    until: datetime
    url: str = ""
    context: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A rule: ``find(now)`` yields what is due now, whatever was planned before.

    It looks back far enough that what a missed night left is still found; the ledger tells what is new. ``kind`` names
    the template of the words.
    """

    code: str
    kind: str
    find: object
    channels: tuple = (Channel.IN_APP,)
    urgent: bool = False
