"""Rules of imports and exports; they query nothing beyond the run and its organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from portal.exchange.choices import ExportState, RunState, not_who_asked
from portal.messaging.choices import JobState

if TYPE_CHECKING:
    from datetime import datetime

    from portal.exchange.models import ExportRun, ImportRun
    from portal.exchange.registers import Register
    from portal.members.models import Member


def can_fill(actor: Member, register: Register, path: str) -> bool:
    """The actor may import a file of the register for the organisation at ``path``."""
    return any(path.startswith(root) for root in actor.reach(register.area, register.capability))


def can_edit_run(actor: Member, run: ImportRun) -> bool:
    """The actor may act on the import at all."""
    register = run.declared
    return register is not None and can_fill(actor, register, run.organization.path)


def can_confirm_run(actor: Member, run: ImportRun) -> bool:
    return run.state == RunState.CHECKED_CLEAN and can_edit_run(actor, run)


def can_discard_run(actor: Member, run: ImportRun) -> bool:
    """The actor may discard the import, but not while a worker processes it."""
    return can_edit_run(actor, run) and (
        run.state in (RunState.CHECKED_CLEAN, RunState.CHECKED_FAULTY) or is_stuck(run) or is_held(run)
    )


def can_take_back_run(actor: Member, run: ImportRun) -> bool:
    return run.state == RunState.IMPORTED and bool(run.row_ids) and can_edit_run(actor, run)


def is_stuck_export(run: ExportRun) -> bool:
    """Return whether the worker has given up the job of the export."""
    return run.state == ExportState.QUEUED and run.job is not None and run.job.state == JobState.FAILED


def is_held(run: ImportRun) -> bool:
    """Return whether the import waits for the virus scanner, so that no worker processes it yet."""
    return run.state == RunState.UPLOADED and run.file.held_since is not None


def is_stuck(run: ImportRun) -> bool:
    """Return whether the worker has given up the job of the import."""
    return run.needs_worker and run.job is not None and run.job.state == JobState.FAILED


def can_judge_export(actor: Member, run: ExportRun) -> bool:
    """The actor may release or decline the export as a second person.

    The actor is independent of the person who requested it and holds ``approve`` at its organisation or above.
    """
    return actor.can(Area(run.area), Capability.APPROVE, run.organization.path) and not_who_asked(actor, run)


def has_asked(actor: Member, run: ExportRun) -> bool:
    return actor.pk == run.requested_by_id


def can_fetch_export(actor: Member, run: ExportRun) -> bool:
    """The actor requested the export and still holds ``export`` for every subtree of its rows."""
    reached = all(actor.can(Area(run.area), Capability.EXPORT, path) for path in run.paths)
    return has_asked(actor, run) and bool(run.paths) and reached


def is_ready(run: ExportRun, now: datetime) -> bool:
    """Return whether the file of the export may still be downloaded."""
    return run.state == ExportState.READY and run.expires_at is not None and run.expires_at > now
