"""Who may do what with a run; no queries beyond the run and its organisation."""

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
    """Say whether ``actor`` may put a file of ``register`` in for the organisation at ``path``."""
    return any(path.startswith(root) for root in actor.reach(register.area, register.capability))


def can_edit_run(actor: Member, run: ImportRun) -> bool:
    """Say whether ``actor`` may act on ``run`` at all."""
    register = run.declared
    return register is not None and can_fill(actor, register, run.organization.path)


def can_confirm_run(actor: Member, run: ImportRun) -> bool:
    return run.state == RunState.CHECKED_CLEAN and can_edit_run(actor, run)


def can_discard_run(actor: Member, run: ImportRun) -> bool:
    """Say whether ``run`` may be put away: not while a worker is at it."""
    return can_edit_run(actor, run) and (
        run.state in (RunState.CHECKED_CLEAN, RunState.CHECKED_FAULTY) or is_stuck(run) or is_held(run)
    )


def can_take_back_run(actor: Member, run: ImportRun) -> bool:
    return run.state == RunState.IMPORTED and bool(run.row_ids) and can_edit_run(actor, run)


def is_stuck_export(run: ExportRun) -> bool:
    """Say whether the worker gave the job of an export up."""
    return run.state == ExportState.QUEUED and run.job is not None and run.job.state == JobState.FAILED


def is_held(run: ImportRun) -> bool:
    """Say whether ``run`` waits for the virus scanner: no worker is at it yet."""
    return run.state == RunState.UPLOADED and run.file.held_since is not None


def is_stuck(run: ImportRun) -> bool:
    """Say whether the worker gave the job of ``run`` up."""
    return run.needs_worker and run.job is not None and run.job.state == JobState.FAILED


def can_judge_export(actor: Member, run: ExportRun) -> bool:
    """Say whether ``actor`` is a second person for ``run``: independent, with ``approve`` there or above."""
    return actor.can(Area(run.area), Capability.APPROVE, run.organization.path) and not_who_asked(actor, run)


def has_asked(actor: Member, run: ExportRun) -> bool:
    return actor.pk == run.requested_by_id


def can_fetch_export(actor: Member, run: ExportRun) -> bool:
    """Say whether ``actor`` asked for ``run`` and still reaches, with ``export``, every subtree its rows came from."""
    reached = all(actor.can(Area(run.area), Capability.EXPORT, path) for path in run.paths)
    return has_asked(actor, run) and bool(run.paths) and reached


def is_ready(run: ExportRun, now: datetime) -> bool:
    """Say whether the file of ``run`` may still be fetched."""
    return run.state == ExportState.READY and run.expires_at is not None and run.expires_at > now
