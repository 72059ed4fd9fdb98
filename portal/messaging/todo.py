"""Items that were passed on: the colleague sees them in her list, who passed them on sees to whom."""

from dataclasses import replace

from portal.messaging.models import TodoDelegation
from portal.messaging.selectors import own_items

GIVERS = 10


def items_for(actor):
    """Return what colleagues passed on to ``actor`` and what still waits for them: nothing that is settled."""
    passed = TodoDelegation.objects.standing().filter(given_to=actor, given_by__is_active=True)
    by_giver = {}
    for row in passed.select_related("given_by").order_by("pk"):
        by_giver.setdefault(row.given_by, set()).add(row.key)
    found = []
    for giver, keys in list(by_giver.items())[:GIVERS]:
        found += [replace(item, by=giver.name) for item in own_items(giver) if item.url in keys]
    return found


def arrange(items, actor):
    """Return ``items`` with those marked that ``actor`` passed on; one that reaches her twice stands once."""
    rows = {row.key: row for row in TodoDelegation.objects.standing().filter(given_by=actor).select_related("given_to")}
    own = {item.url for item in items if not item.by}
    kept = [item for item in items if not item.by or item.url not in own]
    return [
        replace(item, passed_to=rows[item.url].given_to.name, passed_pk=rows[item.url].pk)
        if not item.by and item.url in rows
        else item
        for item in kept
    ]
