"""Delegated to-do items: shown to the colleague, and marked in the list of the person who delegated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q

from portal.messaging.models import TodoDelegation
from portal.messaging.selectors import own_items

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models import Member
    from portal.web.todo import Todo

GIVERS = 10


# Where ``items_for`` leaves for ``arrange``, which follows it, what the same query has found.
PASSED_ON = "_passed_on"


def _standing(actor: Member) -> list[TodoDelegation]:
    """Return what ``actor`` passed on and what was passed on to ``actor``, oldest first; one query for both."""
    rows = TodoDelegation.objects.standing().filter(Q(given_by=actor) | Q(given_to=actor))
    return list(rows.select_related("given_by", "given_to").order_by("pk"))


def items_for(actor: Member) -> list[Todo]:
    """Return the to-do items that colleagues passed on to ``actor``, without those that are settled."""
    standing = _standing(actor)
    vars(actor)[PASSED_ON] = [row for row in standing if row.given_by_id == actor.pk]
    by_giver: dict[Member, set[str]] = {}
    for row in standing:
        if row.given_to_id == actor.pk and row.given_by.is_active:
            by_giver.setdefault(row.given_by, set()).add(row.key)
    found: list[Todo] = []
    for giver, keys in list(by_giver.items())[:GIVERS]:
        found += [replace(item, by=giver.name) for item in own_items(giver) if item.url in keys]
    return found


def arrange(items: Collection[Todo], actor: Member) -> list[Todo]:
    """Return ``items`` with a mark on those that ``actor`` passed on, and without duplicates."""
    passed = vars(actor).pop(PASSED_ON, None)
    if passed is None:
        passed = [row for row in _standing(actor) if row.given_by_id == actor.pk]
    rows = {row.key: row for row in passed}
    own = {item.url for item in items if not item.by}
    kept = [item for item in items if not item.by or item.url not in own]
    return [
        replace(item, passed_to=rows[item.url].given_to.name, passed_pk=rows[item.url].pk)
        if not item.by and item.url in rows
        else item
        for item in kept
    ]
