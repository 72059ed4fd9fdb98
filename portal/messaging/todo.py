"""Delegated to-do items: shown to the colleague, and marked in the list of the person who delegated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portal.messaging.models import TodoDelegation
from portal.messaging.selectors import own_items

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models import Member
    from portal.web.todo import Todo

GIVERS = 10


def items_for(actor: Member) -> list[Todo]:
    """Return the to-do items that colleagues passed on to ``actor``, without those that are settled."""
    passed = TodoDelegation.objects.standing().filter(given_to=actor, given_by__is_active=True)
    by_giver: dict[Member, set[str]] = {}
    for row in passed.select_related("given_by").order_by("pk"):
        by_giver.setdefault(row.given_by, set()).add(row.key)
    found: list[Todo] = []
    for giver, keys in list(by_giver.items())[:GIVERS]:
        found += [replace(item, by=giver.name) for item in own_items(giver) if item.url in keys]
    return found


def arrange(items: Collection[Todo], actor: Member) -> list[Todo]:
    """Return ``items`` with a mark on those that ``actor`` passed on, and without duplicates."""
    rows = {row.key: row for row in TodoDelegation.objects.standing().filter(given_by=actor).select_related("given_to")}
    own = {item.url for item in items if not item.by}
    kept = [item for item in items if not item.by or item.url not in own]
    return [
        replace(item, passed_to=rows[item.url].given_to.name, passed_pk=rows[item.url].pk)
        if not item.by and item.url in rows
        else item
        for item in kept
    ]
