"""To-do items; apps declare theirs in ``todo.py`` as ``items_for(actor)``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.members.models import Member


@dataclass(frozen=True)
class Todo:
    """A to-do item: a sentence, the page that settles it, when it is due and by what rule.

    ``by`` names the colleague who passed it on to this person, ``passed_to`` the colleague to whom this person passed
    it on. A ``confidential`` one is shown to this person alone: it is not passed on, and no page about the person's
    duties lists or counts it.
    """

    title: str
    url: str
    icon: str
    due_at: datetime | None = None
    source: str = ""
    by: str = ""
    passed_to: str = ""
    passed_pk: int | None = None
    confidential: bool = False


@dataclass(frozen=True)
class Overdue:
    """How many of something are overdue at and below an organisation.

    ``overdue_below(actor, organization)`` yields it. ``url`` is the address of their list; ``code`` is instead the
    indicator whose rows of this month they are.
    """

    label: str
    count: int
    url: str = ""
    code: str = ""


def items_for(actor: Member) -> list[Todo]:
    """Return nothing: this package has no to-do items of its own."""
    return []


def kinds_waiting(actor: Member, **kinds: QuerySet[Any]) -> set[str]:
    """Return the names of those of ``kinds`` that have a row.

    One query for all, because every desk page counts its to-do items and mostly nothing waits.
    """
    asked = actor._meta.model._default_manager.filter(pk=actor.pk)
    found = asked.values(**{name: Exists(rows.order_by()) for name, rows in kinds.items()}).first() or {}
    return {name for name, waits in found.items() if waits}
