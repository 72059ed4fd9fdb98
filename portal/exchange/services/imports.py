"""Services of imports: upload, check, write, discard and take back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.exchange import reader, rules, storage
from portal.exchange.choices import FileKind, RunState
from portal.exchange.models import ImportRun
from portal.exchange.reading import FAULTS_KEPT, REFUSALS, Reading, Unreadable, level_of, read, shape
from portal.exchange.registers import Fault, FaultLevel, Register, Row
from portal.exchange.services.files import file_empty, file_store
from portal.exchange.workbooks import XLSX
from portal.messaging.services.jobs import job_post, job_progress
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile

    from portal.exchange.registers import Column
    from portal.members.models import Member
    from portal.messaging.models import Job
    from portal.organizations.models import Organization

logger = logging.getLogger(__name__)

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
UNCONFIRMED_DAYS = 7
AUDIT_IDS = 20_000

TOO_HEAVY = gettext_lazy("The file is larger than 10 MB. Split it into several files.")
WRONG_NAME = gettext_lazy("Upload an .xlsx workbook or a .csv file.")
NAME_AND_CONTENT = gettext_lazy(
    "The file name extension does not match the content. Save it from Excel as .xlsx or .csv."
)
NOT_YOURS = gettext_lazy("You are not permitted to fill in this register for this organisation.")
NOT_YOURS_ANY_MORE = gettext_lazy(
    "You are no longer permitted to fill in this register for this organisation. Nothing was written."
)
NOT_DECLARED = gettext_lazy("This register is no longer in use.")
OTHERS_WROTE = gettext_lazy(
    "Somebody else has entered the same data in the meantime. Upload the file again to see which lines."
)


def _judge_upload(upload: UploadedFile[bytes]) -> str:
    """Return the content type of an uploaded list; DomainError for what is clearly not a list."""
    if upload.size is None or upload.size > MAX_UPLOAD_BYTES:
        raise DomainError(TOO_HEAVY, code="too-heavy")
    ending = (upload.name or "").rpartition(".")[2].strip().lower()
    if ending not in ("xlsx", "csv", "xls", "xlsm", "xlsb"):
        raise DomainError(WRONG_NAME, code="wrong-name")
    try:
        kind = reader.glance(upload)
    except reader.Refused as refusal:
        raise DomainError(REFUSALS.get(refusal.code, REFUSALS["damaged"]), code=refusal.code) from None
    finally:
        upload.seek(0)
    if (kind == "workbook") != (ending != "csv"):
        raise DomainError(NAME_AND_CONTENT, code="name-and-content")
    return XLSX if kind == "workbook" else "text/csv"


def import_start(
    *, actor: Member, organization: Organization, register: Register, upload: UploadedFile[bytes]
) -> ImportRun:
    """Store an uploaded file and post the job that checks it; a refusal leaves neither row nor file."""
    if not rules.can_fill(actor, register, organization.path):
        raise DomainError(NOT_YOURS, code="not-yours")
    content_type = _judge_upload(upload)
    stored = None
    try:
        with transaction.atomic():
            stored = file_store(
                actor=actor,
                name=upload.name or "",
                chunks=upload.chunks(),
                kind=FileKind.IMPORT,
                content_type=content_type,
            )
            run = ImportRun.objects.create(
                register=register.code,
                organization=organization,
                uploaded_by=actor,
                file=stored,
                language=translation.get_language() or "zh-hans",
                sha256=stored.sha256,
            )
            if not stored.held_since:  # otherwise after the virus scan (services/looking_through.py)
                run.job = job_post(kind="exchange.import_check", actor=actor, about_id=run.pk)
                run.save(update_fields=["job"])
            audit_record(actor=actor, action="exchange.import_start", about=run, data={"size": stored.size})
    except BaseException:
        if stored is not None:
            storage.remove(stored.key)
        raise
    return run


def _run_of(job: Job) -> ImportRun:
    return ImportRun.objects.select_related("organization", "file", "uploaded_by").get(pk=job.about_id)


def _recorded(fault: Fault, reading: Reading, columns: Mapping[str, Column]) -> dict[str, object]:
    """Return ``fault`` as it is stored: texts in the active language, the value masked by its column."""
    column = columns.get(fault.column)
    value = str(fault.value)
    if value and column is not None and column.mask is not None:
        value = column.mask(value)
    letter = reading.letters.get(fault.column, "")
    return {
        "line": fault.line,
        "cell": f"{letter}{fault.line}" if letter else "",
        "column": fault.column,
        "label": str(column.label) if column else "",
        "value": value[:60],
        "reason": str(fault.reason)[:300],
        "advice": str(fault.advice)[:300],
        "level": str(fault.level),
    }


def _findings(reading: Reading, register: Register) -> dict[str, Any]:
    """Return the fields of a run that describe the findings, faults first and then by line."""
    columns = {column.name: column for column in register.columns}
    places = {name: place for place, name in enumerate(columns)}
    levels = {FaultLevel.FAULT: 0, FaultLevel.WARNING: 1, FaultLevel.KNOWN: 2}
    ordered = sorted(reading.faults, key=lambda f: (levels[f.level], f.line, places.get(f.column, -1)))
    known = {fault.line for fault in reading.faults if fault.level == FaultLevel.KNOWN}
    return {
        "rows": len(reading.rows),
        "fault_count": level_of(reading.faults),
        "warning_count": level_of(reading.faults, FaultLevel.WARNING),
        "known": len(known),
        "faults": [_recorded(fault, reading, columns) for fault in ordered[:FAULTS_KEPT]],
        "hints": reading.hints,
    }


def _read(run: ImportRun, register: Register, job: Job) -> Reading:
    """Read the file of ``run`` and validate its rows, outside any transaction."""
    reading = read(storage.path_of(run.file.key), register)
    total = len(reading.rows)
    job_progress(job, 0, total)
    shape(reading, register, progress=lambda done: job_progress(job, done, total))
    return reading


def _check(reading: Reading, register: Register, actor: Member, organization: Organization) -> Any:
    """Run the checks of the register and return its context."""
    context = register.prepare(actor=actor, organization=organization, rows=reading.rows)
    reading.faults.extend(register.check(context=context, rows=reading.rows))
    return context


def _new_rows(reading: Reading) -> list[Row]:
    known = {fault.line for fault in reading.faults if fault.level == FaultLevel.KNOWN}
    return [row for row in reading.rows if row.line not in known]


def _declared(run: ImportRun) -> Register:
    register = run.declared
    if register is None:
        raise DomainError(NOT_DECLARED, code="not-declared")
    return register


def import_check(job: Job) -> None:
    """Check a file in a dry run: record what is wrong, write nothing but the run; safe to repeat."""
    run = _run_of(job)
    if run.state != RunState.UPLOADED:
        return
    register = _declared(run)
    with translation.override(run.language):
        if not rules.can_edit_run(job.actor, run):
            _end(run, RunState.UNREADABLE, actor=job.actor, summary=str(NOT_YOURS_ANY_MORE))
            return
        if earlier := ImportRun.objects.same_file(run).order_by("-id").first():
            _end(run, RunState.REPEATED, actor=job.actor, summary=_repeated(earlier))
            return
        try:
            reading = _read(run, register, job)
        except Unreadable as refusal:
            _end(run, RunState.UNREADABLE, actor=job.actor, summary=str(refusal))
            return
        _check(reading, register, job.actor, run.organization)
        found = _findings(reading, register)
        if found["fault_count"]:
            lines = len({fault.line for fault in reading.faults if fault.level == FaultLevel.FAULT})
            summary = ngettext(
                "%(lines)s line must be corrected. Nothing was written.",
                "%(lines)s lines must be corrected. Nothing was written.",
                lines,
            ) % {"lines": lines}
            _end(run, RunState.CHECKED_FAULTY, actor=job.actor, summary=summary, **found)
            return
        new = len(_new_rows(reading))
        summary = ngettext("%(new)s line can be imported.", "%(new)s lines can be imported.", new) % {"new": new}
        _step(run, RunState.CHECKED_CLEAN, actor=job.actor, summary=summary, **found)


def _repeated(earlier: ImportRun) -> str:
    when = timezone.localtime(earlier.finished_at).strftime("%Y-%m-%d %H:%M")
    return _("This same file was already imported on %(when)s. It contains nothing new.") % {"when": when}


@transaction.atomic
def _step(run: ImportRun, state: RunState, *, actor: Member | Clock, **changes: Any) -> ImportRun:
    """Move the run to ``state`` and notify the person who uploaded it."""
    held = advance(run, state, actor=actor, **changes)
    message_post(
        kind="exchange.import_done",
        to=run.uploaded_by,
        about=run,
        context={"run": run.pk, "register": run.register, "state": str(state), "summary": held.summary},
        url=run.get_absolute_url(),
    )
    return held


@transaction.atomic
def _end(run: ImportRun, state: RunState, *, actor: Member | Clock, **changes: Any) -> ImportRun:
    """Move the run to a state that no longer needs the file, and delete the file's content."""
    held = _step(run, state, actor=actor, finished_at=timezone.now(), **changes)
    file_empty(stored=run.file)
    return held


def import_refuse(*, run: ImportRun, actor: Member | Clock, summary: str) -> ImportRun:
    """End a run as unreadable, because its file must not be read."""
    return _end(run, RunState.UNREADABLE, actor=actor, summary=summary)


@transaction.atomic
def import_confirm(*, run: ImportRun, actor: Member) -> ImportRun:
    """Confirm a clean file: post the job that reads and checks it again and writes all rows or none."""
    if not rules.can_edit_run(actor, run):
        raise DomainError(NOT_YOURS, code="not-yours")
    run = advance(run, RunState.IMPORTING, actor=actor, summary="")
    run.job = job_post(kind="exchange.import_write", actor=actor, about_id=run.pk)
    run.save(update_fields=["job"])
    return run


class _Stop(Exception):
    """Leaves the writing transaction; ``state`` and ``changes`` are then applied to the run."""

    def __init__(self, state: RunState, **changes: Any) -> None:
        super().__init__(str(state))
        self.state = state
        self.changes = changes


def import_write(job: Job) -> None:
    """Write the rows of a confirmed file, all or none, after reading and checking it again.

    The organisation is locked, the permission is checked again, and a file that was imported in the meantime adds
    nothing. Runs at least once: a worker that dies before the commit has written nothing; if it dies after the commit,
    the next run finds the file imported.
    """
    run = _run_of(job)
    if run.state != RunState.IMPORTING:
        return
    register = _declared(run)
    with translation.override(run.language):
        try:
            reading = _read(run, register, job)
            _write(run, register, reading, job)
        except Unreadable as refusal:
            _end(run, RunState.CHECKED_FAULTY, actor=job.actor, summary=str(refusal))
        except _Stop as stop:
            _end(run, stop.state, actor=job.actor, **stop.changes)
        except DomainError as refusal:
            _end(run, RunState.CHECKED_FAULTY, actor=job.actor, summary=str(refusal)[:500])
        except IntegrityError as error:
            # The database's message contains the values; only the name of the constraint may be logged.
            diagnosis = getattr(error.__cause__, "diag", None)
            logger.warning("import %s stopped by %s", run.pk, getattr(diagnosis, "constraint_name", "a constraint"))
            _end(run, RunState.CHECKED_FAULTY, actor=job.actor, summary=str(OTHERS_WROTE))


@transaction.atomic
def _write(run: ImportRun, register: Register, reading: Reading, job: Job) -> None:
    # A bulk statement over many thousand rows may take longer than a statement of a page.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'")
    organization = locks.hold(run.organization)
    held = locks.hold(run)
    if held.state != RunState.IMPORTING:
        return
    held.organization = organization
    if not rules.can_edit_run(job.actor, held):
        raise _Stop(RunState.CHECKED_FAULTY, summary=str(NOT_YOURS_ANY_MORE))
    if earlier := ImportRun.objects.same_file(held).order_by("-id").first():
        raise _Stop(RunState.REPEATED, summary=_repeated(earlier))
    context = _check(reading, register, job.actor, organization)
    found = _findings(reading, register)
    if found["fault_count"]:
        raise _Stop(RunState.CHECKED_FAULTY, summary=str(OTHERS_WROTE), **found)
    rows = _new_rows(reading)
    ids = list(register.write(actor=job.actor, organization=organization, rows=rows, context=context, run=held))
    summary = ngettext("%(new)s line is new.", "%(new)s lines are new.", len(ids)) % {"new": len(ids)}
    _end(run, RunState.IMPORTED, actor=job.actor, summary=summary, row_ids=ids, added=len(ids), **found)
    audit_record(
        actor=job.actor,
        action="exchange.import",
        about=run,
        data={"rows": found["rows"], "known": found["known"], "added": len(ids), "ids": ids[:AUDIT_IDS]},
    )


@transaction.atomic
def import_discard(*, run: ImportRun, actor: Member | Clock) -> ImportRun:
    """Discard a file that is not to be imported; its content is deleted."""
    if not isinstance(actor, Clock) and not rules.can_discard_run(actor, run):
        raise DomainError(_("This file cannot be discarded now."), code="not-now")
    held = advance(run, RunState.DISCARDED, actor=actor, finished_at=timezone.now())
    file_empty(stored=run.file)
    return held


@transaction.atomic
def import_take_back(*, run: ImportRun, actor: Member) -> ImportRun:
    """Delete the rows that ``run`` added, while none of them is in use.

    The register decides and raises DomainError with the reason.
    """
    if not rules.can_take_back_run(actor, run):
        raise DomainError(_("This import cannot be undone."), code="not-now")
    register = _declared(run)
    locks.hold(run.organization)
    held = locks.hold(run)
    if held.state != RunState.IMPORTED:
        raise DomainError(_("This import cannot be undone."), code="not-now")
    number = register.take_back(run=held, actor=actor)
    summary = ngettext(
        "The import of %(number)s line was undone.", "The import of %(number)s lines was undone.", number
    )
    held = advance(run, RunState.TAKEN_BACK, actor=actor, summary=summary % {"number": number})
    audit_record(
        actor=actor,
        action="exchange.import_take_back",
        about=run,
        data={"rows": number, "ids": held.row_ids[:AUDIT_IDS]},
    )
    return held
