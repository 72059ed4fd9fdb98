"""Reads of the audit for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry, AuditSeal
from portal.audit.services import looked_at_from
from portal.audit.wording import action_words, field_words, model_of, state_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import Model

    from portal.audit.wording import Words

SHOWN = 50


def history(instance: Model, words: Mapping[str, Words] | None = None) -> list[dict[str, object]]:
    """Return the latest entries on one row as dicts of at, words, by, note, from_label, to_label; the newest first.

    ``words`` names the room's own actions by their last part. ``by`` is a name as ``people_of`` gives it: in full of
    who works at the desk, shortened of everyone else.
    """
    return told(list(AuditEntry.objects.all().about(instance)[:SHOWN]), words)


def told(entries: Collection[AuditEntry], words: Mapping[str, Words] | None = None) -> list[dict[str, object]]:
    """Return entries as ``history`` does, each by the words of its own model."""
    people = people_of(entries)
    models = {entry.about_model: model_of(entry.about_model) for entry in entries}
    return [
        {
            "at": entry.at,
            "words": action_words(entry, words),
            "fields": field_words(models[entry.about_model], entry.fields) if not entry.to_state else [],
            "by": people[entry.actor_id] if entry.actor_id in people else _("by the clock") if entry.clock else "",
            "note": entry.note,
            "from_label": state_words(models[entry.about_model], entry.from_state),
            "to_label": state_words(models[entry.about_model], entry.to_state),
        }
        for entry in entries
    ]


def people_of(entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Return the names of those who acted, by pk: in full of who works at the desk, shortened of everyone else."""
    wanted = {entry.actor_id for entry in entries if entry.actor_id}
    names: dict[int, str] = get_user_model()._default_manager.all().names_for_audit(wanted)
    return names


def places_of(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names of the organisations of entries, by path."""
    ends = {
        path: int(path.rstrip("/").rpartition("/")[2])
        for path in {entry.organization_path for entry in entries}
        if path
    }
    found = apps.get_model("organizations", "Organization")._default_manager.in_bulk(ends.values())
    return {path: found[pk].label for path, pk in ends.items() if pk in found}


@dataclass(frozen=True)
class Sealing:
    """How far the seals are: the last one's number and time, and how many entries wait, counted to 1,000."""

    number: int
    at: datetime | None
    waiting: int


def sealing() -> Sealing:
    """Return how far the seals are."""
    last = AuditSeal.objects.order_by("-number").first()
    waiting = AuditEntry.objects.all().unsealed(since=looked_at_from()).order_by()[:1000].count()
    return Sealing(last.number if last else 0, last.at if last else None, waiting)
