"""Exports: requested with a reason, released by a second person if long, written, downloaded."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import faults, limits
from portal.core.choices import Area, Capability
from portal.core.errors import Conflict, DomainError
from portal.core.logs import scrub
from portal.core.services import steps_of
from portal.exchange import rules
from portal.exchange.choices import ADDRESS_LIMIT, ExportFormat, ExportState, FileKind
from portal.exchange.export import write_csv, write_xlsx
from portal.exchange.models import ExportRun
from portal.exchange.selectors import list_address, list_open, rows_counted
from portal.exchange.services.files import file_empty, file_store
from portal.exchange.storage import file_response
from portal.exchange.workbooks import XLSX
from portal.messaging.services.jobs import job_post, job_progress
from portal.messaging.services.messages import message_post, messages_post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import Model
    from django.http import FileResponse, HttpResponse
    from django.utils.functional import Promise

    from portal.exchange.export import Cover
    from portal.exchange.selectors import OpenList
    from portal.members.models import Member
    from portal.messaging.models import Job

UNRELEASED_DAYS = 7
CHUNK = 1000
WRITERS = {ExportFormat.XLSX: (write_xlsx, XLSX), ExportFormat.CSV: (write_csv, "text/csv")}

NOTHING = gettext_lazy("There are no rows to export.")
NO_LONGER = gettext_lazy("You are no longer permitted to export this list. No file was created.")
NOT_YOURS = gettext_lazy("You are not permitted to decide on this export.")


def common_path(paths: Iterable[str]) -> str:
    """Return the deepest path that contains all ``paths``: /1/14/ for /1/14/3/ and /1/14/9/."""
    parts = [path.strip("/").split("/") for path in paths]
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return f"/{'/'.join(shared)}/"


def export_request(*, actor: Member, address: str, here: int | None, file_format: str, reason: str) -> ExportRun:
    """Request a list as a file; a long one waits for a second person, any other is queued at once."""
    limits.consume("export", str(actor.pk), limit=settings.EXPORTS_PER_HOUR, seconds=3600)
    address, reason = list_address(address), scrub(reason)
    if len(address) > ADDRESS_LIMIT:
        raise DomainError(_("This list has too many filters to be exported."), code="address")
    opened = list_open(actor=actor, address=address, here=here)
    count = _judge(rows_counted(opened.rows))
    path = common_path(opened.paths(actor))
    with transaction.atomic():
        run = ExportRun(
            address=address,
            list_name=opened.name,
            title=opened.title[:120],
            area=opened.area,
            organization=apps.get_model("organizations", "Organization").objects.get(path=path),
            here=here,
            paths=opened.paths(actor),
            format=file_format,
            reason=reason,
            language=get_language(),
            rows=count,
            requested_by=actor,
            state=ExportState.WAITING if export_is_long(count) else ExportState.QUEUED,
        )
        run.save(force_insert=True)
        audit_record(
            actor=actor,
            action="export.request",
            about=run,
            to_state=run.state,
            note=reason,
            data={"list": opened.name, "rows": count},
        )
        if run.state == ExportState.WAITING:
            _ask_second_persons(run)
        else:
            _queue(run)
    return run


def export_is_long(count: int) -> bool:
    """Return whether an export of ``count`` rows needs a second person."""
    return count > settings.EXPORT_SECOND_PERSON_ROWS


def _judge(count: int) -> int:
    if not count:
        raise DomainError(NOTHING, code="nothing")
    if count > settings.EXPORT_MOST_ROWS:
        raise DomainError(
            _("One file can hold at most %(count)s rows. Use the filters to narrow the list.")
            % {"count": f"{settings.EXPORT_MOST_ROWS:,}"},
            code="too-many",
        )
    return count


def _queue(run: ExportRun) -> None:
    run.job = job_post(kind="exchange.export_write", actor=run.requested_by, about_id=run.pk)
    run.save(update_fields=["job"])


def _ask_second_persons(run: ExportRun) -> None:
    people = get_user_model()._default_manager.holding(
        Area(run.area), Capability.APPROVE, run.organization, but={run.requested_by_id}
    )
    messages_post(
        kind="exchange.export_waiting",
        recipients=[
            (member, {"title": run.title, "rows": run.rows}) for member in people.seconds_to({run.requested_by_id})[:20]
        ],
        about=run,
        url=run.get_absolute_url(),
    )


@transaction.atomic
def export_release(*, run: ExportRun, actor: Member) -> ExportRun:
    """Release a long export as the second person."""
    if not rules.can_judge_export(actor, run):
        raise DomainError(NOT_YOURS, code="not-yours")
    held = advance(run, ExportState.QUEUED, actor=actor, released_by=actor)
    _queue(held)
    return held


@transaction.atomic
def export_decline(*, run: ExportRun, actor: Member, reason: str) -> ExportRun:
    """Decline a long export with a reason, as the second person, and notify the requester."""
    if not rules.can_judge_export(actor, run):
        raise DomainError(NOT_YOURS, code="not-yours")
    reason = scrub(reason)
    held = advance(run, ExportState.DECLINED, actor=actor, note=reason, summary=reason)
    _tell(held)
    return held


def _tell(run: ExportRun) -> None:
    message_post(
        kind="exchange.export_done",
        to=run.requested_by,
        about=run,
        context={"title": run.title, "state": str(run.state), "summary": str(run.summary), "rows": run.rows},
        url=run.get_absolute_url(),
    )


def export_write(job: Job) -> None:
    """Write the file of a queued export, after checking the permission again.

    Runs at least once: a worker that dies before the commit leaves a file that no row names, which the sweep deletes;
    if it dies after the commit, the next run finds the export ready.
    """
    run = ExportRun.objects.for_list().get(pk=job.about_id)
    if run.state != ExportState.QUEUED:
        return
    actor = job.actor
    with translation.override(run.language):
        try:
            opened = list_open(actor=actor, address=run.address, here=run.here)
            count = _judge(rows_counted(opened.rows))
        except (Http404, PermissionDenied):
            _fail(run, actor, NO_LONGER)
            return
        except DomainError as refusal:
            _fail(run, actor, refusal.message)
            return
        if export_is_long(count) and run.released_by_id is None:
            with transaction.atomic():
                _ask_second_persons(advance(run, ExportState.WAITING, actor=actor, rows=count, job=None))
            return
        try:
            _write(run, job, opened, count)
        except Exception as error:
            if faults.kind_of(error) != faults.FULL:
                raise
            _fail(run, actor, faults.NO_ROOM)


@transaction.atomic
def _fail(run: ExportRun, actor: Member, sentence: str | Promise) -> None:
    _tell(advance(run, ExportState.FAILED, actor=actor, summary=str(sentence)[:300]))


def _write(run: ExportRun, job: Job, opened: OpenList, count: int) -> None:
    writer, content_type = WRITERS[ExportFormat(run.format)]
    now = timezone.localtime()
    with tempfile.TemporaryFile() as stream:
        written = writer(
            stream,
            title=run.title,
            cover=_cover(run, now),
            columns=opened.columns,
            rows=_counted(opened.rows[:count].iterator(chunk_size=CHUNK), job, count),
        )
        stream.seek(0)
        with transaction.atomic():
            stored = file_store(
                actor=run.requested_by,
                name=f"{run.title} {now:%Y-%m-%d}.{run.format}",
                chunks=iter(lambda: stream.read(64 * 1024), b""),
                kind=FileKind.EXPORT,
                content_type=content_type,
            )
            held = advance(
                run,
                ExportState.READY,
                actor=job.actor,
                file=stored,
                rows=written,
                paths=opened.paths(job.actor),
                expires_at=now + timedelta(hours=settings.EXPORT_HOURS),
            )
            audit_record(
                actor=job.actor,
                action="export.write",
                about=run,
                fields=[way if isinstance(way, str) else way.__name__ for _label, way in opened.columns],
                data={"list": run.list_name, "rows": written, "format": run.format},
            )
            _tell(held)


def _cover(run: ExportRun, now: datetime) -> Cover:
    cover = [
        (_("List"), run.title),
        (_("Exported by"), f"{run.requested_by.name} · {run.organization.name}"),
        (_("Time"), f"{now:%Y-%m-%d %H:%M}"),
        (_("Reason"), run.reason),
        (_("Number of the export"), run.pk),
    ]
    if run.released_by:
        cover.append((_("Approved by"), run.released_by.name))
    return cover


def _counted(rows: Iterable[Model], job: Job, total: int) -> Iterator[Model]:
    for number, row in enumerate(rows, start=1):
        if number % CHUNK == 0:
            job_progress(job, number, total)
        yield row
    job_progress(job, total, total)


def export_download(*, run: ExportRun, actor: Member) -> FileResponse | HttpResponse:
    """Return the file to the person who requested it, if they may still see its rows.

    Every download writes an audit entry. Raises Http404 when the right to any of the rows has ended.
    """
    if run.file is None or not rules.is_ready(run, timezone.now()):
        raise Conflict(_("This file is no longer stored. Export the list again."), code="expired")
    try:
        list_open(actor=actor, address=run.address, here=run.here)
    except PermissionDenied:
        raise Http404 from None
    if not rules.can_fetch_export(actor, run):
        raise Http404
    response = file_response(run.file)
    audit_record(actor=actor, action="export.download", about=run, data={"list": run.list_name, "rows": run.rows})
    return response


def exports_expire(*, now: datetime) -> int:
    """Delete expired files and end requests that nobody released within a week; return the number."""
    clock = Clock("exchange.export_kept")
    ended = 0
    over = ExportRun.objects.filter(state=ExportState.READY, expires_at__lte=now)
    forgotten = ExportRun.objects.filter(
        state=ExportState.WAITING, created_at__lte=now - timedelta(days=UNRELEASED_DAYS)
    )
    with steps_of("exchange.exports") as steps:
        for run in [*over.select_related("file", "organization"), *forgotten.select_related("file", "organization")]:
            with steps.one(run):
                advance(run, ExportState.EXPIRED, actor=clock)
                if run.file:
                    file_empty(stored=run.file)
                ended += 1
    return ended
