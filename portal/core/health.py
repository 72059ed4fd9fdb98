"""Whether the portal does its work: the database, the beat and the worker by their heartbeats, the disk, versions.

Floors and rooms declare theirs in ``health.py`` as ``checks()``. Nothing here opens the broker: a worker that ran the
tick wrote so in PostgreSQL.
"""

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.discovery import declared
from portal.core.models import Heartbeat, StepFailure

SILENT_AFTER = timedelta(minutes=5)
DISK_FREE_SHARE = 0.05
DISK_FREE_BYTES = 1 << 30
LEFT_SHOWN = 100
BEAT, WORKER = "beat", "worker"


@dataclass(frozen=True)
class Check:
    """One finding: its name in the machine's answer, whether it is well, its words, the value behind it.

    ``grave`` findings make /readyz red; the others are told to administrators. ``place`` is the list to look in: the
    name of an address and its query.
    """

    name: str
    well: bool
    label: object
    value: object
    grave: bool = True
    place: tuple = ()

    @property
    def url(self):
        return reverse(self.place[0]) + self.place[1] if self.place else ""


def all_checks():
    """Return the findings of core and of every floor and room; with the database gone, that one alone."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
        found = [Check("database", True, _("Database"), f"PostgreSQL {version}")]
        for module in declared("health"):
            found += module.checks()
    except DatabaseError as error:
        return [Check("database", False, _("Database"), type(error).__name__)]
    return found


def checks():
    """Return the findings of core."""
    beats = {row.name: row for row in Heartbeat.objects.all()}
    return [
        _pulse("beat", _("Beat, last tick sent"), beats.get(BEAT)),
        _pulse("worker", _("Worker and broker, last tick run"), beats.get(WORKER)),
        _disk(),
        _left(),
        Check("versions", True, _("Versions"), versions(), grave=False),
    ]


def _left():
    """Rows that periodic tasks could not step: the others were done, these wait for somebody."""
    rows = list(StepFailure.objects.order_by("first_at", "pk")[:LEFT_SHOWN])
    words = "; ".join(f"{row.about} ({row.task}, {row.error})" for row in rows[:3])
    return Check("steps_left", not rows, _("Rows that periodic tasks left"), words or 0, grave=False)


def versions():
    """Return what runs: Python and Django."""
    return f"Python {platform.python_version()}, Django {django.get_version()}"


def _pulse(name, label, row):
    if row is None:
        return Check(name, False, label, _("never"))
    seconds = int((timezone.now() - row.at).total_seconds())
    return Check(
        name, seconds <= SILENT_AFTER.total_seconds(), label, _("%(count)s s ago") % {"count": max(seconds, 0)}
    )


def _disk():
    folder = settings.PRIVATE_STORAGE_DIR
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    well = usage.free >= min(DISK_FREE_BYTES, usage.total * DISK_FREE_SHARE)
    words = _("%(free)s of %(total)s GB free") % {"free": usage.free >> 30, "total": usage.total >> 30}
    return Check("disk", well, _("Disk of uploads"), words)
