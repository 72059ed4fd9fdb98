"""Whether the portal works: database, heartbeats of beat and worker, disks, faults, versions.

Shared packages and areas declare their own checks in ``health.py`` as ``checks()``. One declaration gives a finding in
words, a line of ``/readyz`` and metrics. Nothing here connects to the broker or waits for another machine: a worker
that ran the tick, or looked at the certificate, recorded it in PostgreSQL.
"""

from __future__ import annotations

import logging
import pkgutil
import platform
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import django
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core import faults
from portal.core.discovery import declared
from portal.core.models import Backup, Heartbeat, Observation, StepFailure
from portal.core.release import tag
from portal.core.services import CERTIFICATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

    from django.utils.functional import Promise

logger = logging.getLogger(__name__)

SILENT_AFTER = timedelta(minutes=5)
DISK_FREE_SHARE = 0.05
DISK_FREE_BYTES = 1 << 30
LEFT_SHOWN = 100
# A log segment is archived each minute while anything is written, and the heartbeats are written all the time.
ARCHIVED_WITHIN = timedelta(minutes=5)
BEAT, WORKER = "beat", "worker"
# More responses of 500 and above than this within five minutes need attention.
ERRORS_TOLERATED = 4
CONNECTIONS_SHARE = 0.8
SLOW_MILLISECONDS = 1000
CERTIFICATE_LEFT = timedelta(days=14)
CERTIFICATE_SEEN = timedelta(days=2)
# The end of the year 9999: a date beyond the calendar is shown as this.
LAST_SECOND = 253_402_300_799


@dataclass(frozen=True)
class Check:
    """One finding: its name for machines, whether it is well, its wording, and the value behind it.

    A ``grave`` finding that is not well makes /readyz red; the others are reported to administrators. ``place`` is the
    list to look at: a URL name and a query string. ``figures`` are the metrics, name -> number; None is an unknown
    number. The names of metrics end in the unit or the time span.
    """

    name: str
    well: bool
    label: str | Promise
    value: object
    grave: bool = True
    place: tuple[str, ...] = ()
    figures: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return reverse(self.place[0]) + self.place[1] if self.place else ""


def in_earnest() -> bool:
    """Return whether this portal serves people.

    A demonstration and tests need no provider, scanner and certificate.
    """
    return not settings.ALLOW_DEMO_PEOPLE


def all_checks() -> list[Check]:
    """Return the findings of core, shared packages and areas; without a database, that finding alone."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
        found = [Check("database", True, _("Database"), f"PostgreSQL {version}")]
        for module in declared("health"):
            found += _checks_of(module)
    except (InterfaceError, OperationalError) as error:
        return [Check("database", False, _("Database"), type(error).__name__)]
    return found


def _checks_of(module: ModuleType) -> list[Check]:
    """Return the findings of one module; if they cannot be read, that is a finding itself.

    The findings of the other modules are reported all the same.
    """
    try:
        found: list[Check] = module.checks()
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:
        name = module.__name__.rpartition(".")[0]
        logger.exception("findings of %s cannot be read", name)
        label = _("Findings of %(part)s") % {"part": name}
        return [Check(f"findings_{name.replace('.', '_')}", False, label, type(error).__name__)]
    return found


def checks() -> list[Check]:
    """Return the findings of core."""
    beats = {row.name: row for row in Heartbeat.objects.all()}
    return [
        _pulse("beat", _("Scheduler, last heartbeat sent"), beats.get(BEAT)),
        _pulse("worker", _("Worker and broker, last heartbeat run"), beats.get(WORKER)),
        _disk(),
        _backup(),
        _archive(),
        _database_disk(),
        _connections(),
        _migrations(),
        _server_errors(),
        _slow(),
        _certificate(),
        _left(),
        Check("versions", True, _("Versions"), versions(), grave=False),
    ]


def _backup() -> Check:
    """Check the age of the last successful backup.

    Red if it is older than BACKUP_HOURS, or if there is none although backups are due.
    """
    latest = Backup.objects.order_by("-made_at").first()
    if latest is None:
        words: str | Promise = _("never") if settings.BACKUP_HOURS else _("Not required here")
        return Check("backup", not settings.BACKUP_HOURS, _("Last successful backup"), words)
    age = timezone.now() - latest.made_at
    words = _("%(hours)s hours ago, %(size)s MB") % {
        "hours": max(int(age.total_seconds() // 3600), 0),
        "size": latest.size >> 20,
    }
    well = not settings.BACKUP_HOURS or age <= timedelta(hours=settings.BACKUP_HOURS)
    figures = {"backup_age_seconds": int(age.total_seconds()), "backup_bytes": latest.size}
    return Check("backup", well, _("Last successful backup"), words, figures=figures)


def _archive() -> Check:
    """Check whether PostgreSQL archives its log.

    Without an archive, everything written after the last backup is lost with the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time, now(),"
            " pg_postmaster_start_time() FROM pg_stat_archiver"
        )
        on, archived, failed, now, started = cursor.fetchone()
    label = _("Database log archive")
    if not on:
        return Check("archive", not settings.BACKUP_HOURS, label, _("Not set up"), grave=False)
    well = now - max(archived or started, started) <= ARCHIVED_WITHIN and not (
        failed and (archived is None or failed > archived)
    )
    words = timezone.localtime(archived).strftime("%Y-%m-%d %H:%M:%S") if archived else _("never")
    return Check("archive", well, label, words)


def _left() -> Check:
    """Report the rows that periodic tasks could not process; somebody has to look at them."""
    rows = list(StepFailure.objects.order_by("first_at", "pk")[:LEFT_SHOWN])
    words = "; ".join(f"{row.about} ({row.task}, {row.error})" for row in rows[:3])
    label, figures = _("Rows that periodic tasks could not process"), {"steps_left": len(rows)}
    return Check("steps_left", not rows, label, words or 0, grave=False, figures=figures)


def info() -> dict[str, str]:
    """Return the running versions of the portal, Python and Django."""
    return {"portal": settings.VERSION, "python": platform.python_version(), "django": django.get_version()}


def versions() -> str:
    """Return the running versions in words; the portal's with the tag of its code."""
    taken_from = f" ({tag()})" if tag() else ""
    return "Portal {portal}{taken_from}, Python {python}, Django {django}".format(**info(), taken_from=taken_from)


def _pulse(name: str, label: str | Promise, row: Heartbeat | None) -> Check:
    if row is None:
        return Check(name, False, label, _("never"))
    seconds = max(int((timezone.now() - row.at).total_seconds()), 0)
    well, words = seconds <= SILENT_AFTER.total_seconds(), _("%(count)s s ago") % {"count": seconds}
    return Check(name, well, label, words, figures={f"{name}_age_seconds": seconds})


def _room_of(folder: str | Path) -> tuple[bool, int, str]:
    """Return whether a disk has enough free space, the number of free bytes, and words for both."""
    usage = shutil.disk_usage(folder)
    well = usage.free >= min(DISK_FREE_BYTES, usage.total * DISK_FREE_SHARE)
    words = _("%(free)s of %(total)s GB free") % {"free": usage.free >> 30, "total": usage.total >> 30}
    return well, usage.free, words


def _disk() -> Check:
    folder = settings.PRIVATE_STORAGE_DIR
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    well, free, words = _room_of(folder)
    return Check("disk", well, _("Disk of uploads"), words, figures={"disk_free_bytes": free})


def _database_disk() -> Check:
    """Report the size of the database, and the free space where it can be measured.

    The free space is measured only if the database folder is on this machine and named in a setting.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    label, figures = _("Disk of the database"), {"database_size_bytes": size}
    held = {"size": size >> 20}
    if not settings.DATABASE_DIR:
        words = _("The database takes %(size)s MB; the free space cannot be determined here") % held
        return Check("database_disk", True, label, words, grave=False, figures=figures)
    try:
        well, free, words = _room_of(settings.DATABASE_DIR)
    except OSError as error:
        held["error"] = type(error).__name__
        words = _("The database takes %(size)s MB; PORTAL_DATABASE_DIR cannot be read: %(error)s") % held
        return Check("database_disk", False, label, words, grave=False, figures=figures)
    words = _("The database takes %(size)s MB; %(free)s") % {**held, "free": words}
    return Check("database_disk", well, label, words, figures={**figures, "database_disk_free_bytes": free})


def _connections() -> Check:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database WHERE datname IS NOT NULL),"
            " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true), '0')::int"
        )
        used, most = cursor.fetchone()
    words = _("%(used)s of %(most)s in use") % {"used": used, "most": most}
    figures = {"database_connections": used, "database_connections_most": most}
    well = used < most * CONNECTIONS_SHARE
    return Check("connections", well, _("Connections of the database"), words, grave=False, figures=figures)


@lru_cache
def _migrations_of_code() -> set[tuple[str, str]]:
    """Return the migrations that the running code contains, by file name, without importing them."""
    found = set()
    for config in apps.get_app_configs():
        name, _is_explicit = MigrationLoader.migrations_module(config.label)
        spec = find_spec(name) if name else None
        folders = spec.submodule_search_locations if spec else None
        found |= {(config.label, one.name) for one in pkgutil.iter_modules(folders or []) if one.name[0] not in "_~"}
    return found


def _migrations() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = sorted(_migrations_of_code() - set(cursor.fetchall()))
    words = ", ".join(f"{app}.{name}" for app, name in missing[:3]) or _("All are applied")
    label, figures = _("Migrations"), {"migrations_pending": len(missing)}
    return Check("migrations", not missing, label, words, figures=figures)


def _server_errors() -> Check:
    count = faults.counted(faults.SERVER_ERROR, minutes=5)
    return Check(
        "server_errors",
        count <= ERRORS_TOLERATED,
        _("5xx responses in five minutes"),
        count,
        grave=False,
        figures={"server_errors_5m": count},
    )


def _slow() -> Check:
    """Report the statements that were cut off by their timeout.

    The average duration of statements is reported only where the server records it.
    """
    cut = faults.counted(faults.CUT_OFF, minutes=60)
    number, longest = _statements()
    if number is None:
        words = _("%(count)s interrupted within an hour") % {"count": cut}
    else:
        words = _("%(count)s interrupted within an hour; %(slow)s queries take more than a second on average") % {
            "count": cut,
            "slow": number,
        }
    figures = {"statements_cut_off_1h": cut, "statements_slow": number, "statement_longest_mean_seconds": longest}
    return Check("slow_queries", cut == 0, _("Slow queries"), words, grave=False, figures=figures)


def _statements() -> tuple[int | None, float | None]:
    """Return the number of statements that are slow on average, and the longest average in seconds.

    Returns (None, None) without pg_stat_statements.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('pg_stat_statements')")
            if cursor.fetchone()[0] is None:
                return None, None
            cursor.execute(
                "SELECT count(*) FILTER (WHERE mean_exec_time >= %s), coalesce(max(mean_exec_time), 0) / 1000"
                " FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid"
                " WHERE datname = current_database()",
                [SLOW_MILLISECONDS],
            )
            number, longest = cursor.fetchone()
            return number, round(longest, 3)
    except DatabaseError:
        # The extension exists but is not loaded, or the serving role may not read its view.
        return None, None


def _certificate() -> Check:
    label = _("Certificate of the portal")
    if not settings.SITE_URL.startswith("https://"):
        return Check("certificate", not in_earnest(), label, _("The portal has no https address"), grave=False)
    seen, now = Observation.objects.filter(name=CERTIFICATE).first(), timezone.now()
    if seen is None or now - seen.at > CERTIFICATE_SEEN:
        return Check("certificate", not in_earnest(), label, _("Not checked recently"), grave=False)
    if seen.number is None:
        return Check("certificate", False, label, _("not readable: %(error)s") % {"error": seen.fault}, grave=False)
    ends_at = datetime.fromtimestamp(min(max(seen.number, 0), LAST_SECOND), UTC)
    left = ends_at - now
    words = _("valid until %(day)s, %(count)s days") % {"day": f"{ends_at:%Y-%m-%d}", "count": max(left.days, 0)}
    if seen.fault:
        words = _("%(words)s; not trusted: %(error)s") % {"words": words, "error": seen.fault}
    well = left > CERTIFICATE_LEFT and not seen.fault
    figures = {"certificate_left_seconds": int(left.total_seconds())}
    return Check("certificate", well, label, words, grave=False, figures=figures)
