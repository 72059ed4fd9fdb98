"""What core itself writes down."""

import logging

from django.utils import timezone

from portal.core.discovery import declared
from portal.core.errors import DomainError
from portal.core.models import Heartbeat

logger = logging.getLogger(__name__)


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

    A rule that is refused is named in the log and does not stop the others.
    """
    now = now or timezone.now()
    done = []
    for rule in [rule for module in declared("retention") for rule in module.RULES]:
        rows = rule.find(now).order_by("pk")
        try:
            count = rows.count() if dry_run else rule.purge(rows)
        except DomainError as refusal:
            logger.warning("retention %s is left: %s", rule.code, refusal.code)
            continue
        if count and not dry_run:
            logger.info("retention %s deleted %s rows", rule.code, count)
        done.append((rule, count))
    return done
