"""What core itself writes down."""

import logging

from django.utils import timezone

from portal.core.discovery import declared
from portal.core.errors import DomainError
from portal.core.models import Heartbeat

logger = logging.getLogger(__name__)
# Rows of one rule that one night deletes.
PURGED_AT_ONCE = 2000


def heartbeat_note(*, name):
    """Note that ``name`` did its round just now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def retention_run(*, now=None, dry_run=False):
    """Carry out every rule of retention, or only count with ``dry_run``; return (rule, rows) for each.

    Rows are deleted one by one: one that cannot be is named in the log by its number and does not stop the rest.
    """
    now = now or timezone.now()
    done = []
    for rule in [rule for module in declared("retention") for rule in module.RULES]:
        rows = rule.due(now).order_by("pk")
        if dry_run:
            done.append((rule, rows.count()))
            continue
        count = 0
        for row in rows[:PURGED_AT_ONCE]:
            pk = row.pk
            try:
                count += bool(rule.delete(row))
            except DomainError as refusal:
                logger.warning("retention %s leaves row %s: %s", rule.code, pk, refusal.code)
        if count:
            logger.info("retention %s deleted %s rows", rule.code, count)
        done.append((rule, count))
    return done
