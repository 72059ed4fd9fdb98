"""Queries on the audit for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model

from portal.audit.models import AuditEntry, AuditSeal
from portal.audit.services import looked_at_from
from portal.audit.wording import action_words, field_words, model_of, rule_words, state_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import Model

    from portal.audit.wording import Words

SHOWN = 50


def history(instance: Model, words: Mapping[str, Words] | None = None) -> list[dict[str, object]]:
    """Return the latest entries on one row as dicts, newest first.

    The keys are at, words, fields, by, note, from_label and to_label. ``words`` is the area's own wording of actions,
    by the last part of their code. ``by`` is a name as ``people_of`` gives it: in full for people who hold or held a
    duty, shortened for everyone else.
    """
    return told(list(AuditEntry.objects.all().about(instance)[:SHOWN]), words)


def told(entries: Collection[AuditEntry], words: Mapping[str, Words] | None = None) -> list[dict[str, object]]:
    """Return entries in the format of ``history``, each in the wording of its own model."""
    people = people_of(entries)
    models = {entry.about_model: model_of(entry.about_model) for entry in entries}
    return [
        {
            "at": entry.at,
            "words": action_words(entry, words),
            "fields": field_words(models[entry.about_model], entry.fields) if not entry.to_state else [],
            "by": people[entry.actor_id]
            if entry.actor_id in people
            else rule_words(entry.clock)
            if entry.clock
            else "",
            "note": entry.note,
            "from_label": state_words(models[entry.about_model], entry.from_state),
            "to_label": state_words(models[entry.about_model], entry.to_state),
        }
        for entry in entries
    ]


def people_of(entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Return the names of the actors by pk: in full for staff, past or present, shortened for all others."""
    wanted = {entry.actor_id for entry in entries if entry.actor_id}
    names: dict[int, str] = get_user_model()._default_manager.all().names_for_audit(wanted)
    return names


def places_of(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names of the entries' organisations, by path."""
    ends = {
        path: int(path.rstrip("/").rpartition("/")[2])
        for path in {entry.organization_path for entry in entries}
        if path
    }
    found = apps.get_model("organizations", "Organization")._default_manager.in_bulk(ends.values())
    return {path: found[pk].label for path, pk in ends.items() if pk in found}


@dataclass(frozen=True)
class Sealing:
    """How far sealing has come: number and time of the last seal, and the number of waiting entries.

    Waiting entries are counted up to 1,000.
    """

    number: int
    at: datetime | None
    waiting: int


def sealing() -> Sealing:
    """Return how far sealing has come."""
    last = AuditSeal.objects.order_by("-number").first()
    waiting = AuditEntry.objects.all().unsealed(since=looked_at_from()).order_by()[:1000].count()
    return Sealing(last.number if last else 0, last.at if last else None, waiting)
