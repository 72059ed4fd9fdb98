"""What must follow at once when an entry of the roster changes what a person may take part in.

Rooms declare it in ``standing.py``: ``people_changed(*, members)`` is called in the transaction of the change.
"""

from portal.core.discovery import declared


def people_changed(*, members):
    """Let every room end what ``members`` may no longer take part in, in the caller's transaction."""
    for module in declared("standing"):
        module.people_changed(members=members)
