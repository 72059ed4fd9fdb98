"""Services of core."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from portal.core import faults
from portal.core.certificates import certificate_of
from portal.core.discovery import declared
from portal.core.errors import DomainError
from portal.core.guard import stepping
from portal.core.models import Backup, Heartbeat, Observation, StepFailure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet

    from portal.core.guard import Steps
    from portal.core.retention import Rule

logger = logging.getLogger(__name__)

AT_ONCE = 2000
CERTIFICATE = "certificate"


def heartbeat_note(*, name: str) -> None:
    """Record that the process ``name`` has just done its round."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def backup_note(*, made_at: datetime, seconds: int, size: int, rows: int, files: int) -> Backup:
    """Record that a backup of the rows of ``made_at`` ended successfully; only the owner may."""
    return Backup.objects.create(made_at=made_at, seconds=seconds, size=size, rows=rows, files=files)


def observation_note(*, name: str, number: int | None, fault: str = "") -> None:
    """Store what was just observed of ``name``: a number or None, and what is wrong with it."""
    Observation.objects.update_or_create(
        name=name, defaults={"at": timezone.now(), "number": number, "fault": fault[:80]}
    )


def look_outside() -> None:
    """Observe the certificate shown to people, for which no request should wait, and delete old counts."""
    seen = certificate_of(settings.SITE_URL)
    if seen is not None:
        observation_note(name=CERTIFICATE, number=seen.ends_at, fault=seen.fault)
    faults.sweep()


@contextmanager
def steps_of(task: str) -> Iterator[Steps]:
    """Run a periodic task and yield the Steps; then record the rows it left out, for the administrators.

    Recorded rows that the task no longer finds, or has now processed without an error, are removed.
    """
    with stepping(task) as steps:
        yield steps
    left = {about[:120]: error[:60] for about, error in steps.left}
    StepFailure.objects.filter(task=task).exclude(about__in=left).delete()
    StepFailure.objects.bulk_create(
        [StepFailure(task=task, about=about, error=error) for about, error in left.items()], ignore_conflicts=True
    )


def _purged(rule: Rule, rows: QuerySet[Any], steps: Steps) -> int:
    """Apply ``rule`` to all rows at once; if that fails, to each row alone.

    Thus no row holds up another.
    """
    try:
        return rule.purge(rows)
    except (DomainError, InterfaceError, OperationalError):
        raise
    except Exception as error:
        logger.error("retention %s row by row: %s", rule.code, type(error).__name__)
    done = 0
    for row in rows[:AT_ONCE]:
        with steps.one(row):
            done += rule.purge(rows.filter(pk=row.pk))
    return done


def retention_run(*, now: datetime | None = None, dry_run: bool = False) -> list[tuple[Rule, int]]:
    """Apply every retention rule, or only count with ``dry_run``; return (rule, rows) for each.

    A rule that is refused is named in the log and does not stop the others.
    """
    now = now or timezone.now()
    done = []
    with steps_of("core.retention") as steps:
        for rule in [rule for module in declared("retention") for rule in module.RULES]:
            rows = rule.find(now).order_by("pk")
            try:
                count = rows.count() if dry_run else _purged(rule, rows, steps)
            except DomainError as refusal:
                logger.warning("retention %s is left: %s", rule.code, refusal.code)
                continue
            if count and not dry_run:
                logger.info("retention %s deleted %s rows", rule.code, count)
            done.append((rule, count))
    return done
