"""Reads of the audit for pages."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import state_field
from portal.audit.models import AuditEntry

WORDS = {"create": _("Created"), "update": _("Changed")}
SHOWN = 50


def history(instance, words=None):
    """Return the latest entries on one row as dicts of at, words, by, note, from_label, to_label; the newest first.

    ``words`` names the room's own actions by their last part.
    """
    return happened(instance, words, labels=dict(state_field(type(instance)).flatchoices))


def happened(instance, words=None, *, labels=None):
    """Return the same for a row without a state."""
    labels = labels or {}
    known = {**WORDS, **(words or {})}
    entries = list(AuditEntry.objects.all().about(instance)[:SHOWN])
    people = get_user_model()._default_manager.in_bulk([entry.actor_id for entry in entries if entry.actor_id])
    return [
        {
            "at": entry.at,
            "words": _("Step") if entry.to_state else known.get(entry.action.rpartition(".")[2], _("Changed")),
            "by": people[entry.actor_id].name if entry.actor_id in people else _("by the clock") if entry.clock else "",
            "note": entry.note,
            "from_label": labels.get(entry.from_state, ""),
            "to_label": labels.get(entry.to_state, ""),
        }
        for entry in entries
    ]
