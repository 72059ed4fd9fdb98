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
from portal.core.models import Backup, Heartbeat, StepFailure

SILENT_AFTER = timedelta(minutes=5)
DISK_FREE_SHARE = 0.05
DISK_FREE_BYTES = 1 << 30
LEFT_SHOWN = 100
# A segment of the log is archived each minute while anything is written, and the heartbeats are.
ARCHIVED_WITHIN = timedelta(minutes=5)
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
        _backup(),
        _archive(),
        _left(),
        Check("versions", True, _("Versions"), versions(), grave=False),
    ]


def _backup():
    """The age of the last backup that ended well: red past BACKUP_HOURS, and while there is none where one is due."""
    latest = Backup.objects.order_by("-made_at").first()
    if latest is None:
        words = _("never") if settings.BACKUP_HOURS else _("Not asked for here")
        return Check("backup", not settings.BACKUP_HOURS, _("Last backup that ended well"), words)
    age = timezone.now() - latest.made_at
    words = _("%(hours)s hours ago, %(size)s MB") % {
        "hours": max(int(age.total_seconds() // 3600), 0),
        "size": latest.size >> 20,
    }
    well = not settings.BACKUP_HOURS or age <= timedelta(hours=settings.BACKUP_HOURS)
    return Check("backup", well, _("Last backup that ended well"), words)


def _archive():
    """Whether PostgreSQL archives its log: without, what came after the last backup is lost with the disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time, now(),"
            " pg_postmaster_start_time() FROM pg_stat_archiver"
        )
        on, archived, failed, now, started = cursor.fetchone()
    label = _("Archive of the database's log")
    if not on:
        return Check("archive", not settings.BACKUP_HOURS, label, _("Not set up"), grave=False)
    well = now - max(archived or started, started) <= ARCHIVED_WITHIN and not (
        failed and (archived is None or failed > archived)
    )
    words = timezone.localtime(archived).strftime("%Y-%m-%d %H:%M:%S") if archived else _("never")
    return Check("archive", well, label, words)


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
