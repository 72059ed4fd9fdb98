"""Who may do what with a run; no queries beyond the run and its organisation."""

from portal.core.choices import Capability
from portal.exchange.choices import ExportState, RunState, not_who_asked
from portal.messaging.choices import JobState


def can_fill(actor, register, path):
    """Say whether ``actor`` may put a file of ``register`` in for the organisation at ``path``."""
    return any(path.startswith(root) for root in actor.reach(register.area, register.capability))


def can_edit_run(actor, run):
    """Say whether ``actor`` may act on ``run`` at all."""
    register = run.declared
    return register is not None and can_fill(actor, register, run.organization.path)


def can_confirm_run(actor, run):
    return run.state == RunState.CHECKED_CLEAN and can_edit_run(actor, run)


def can_discard_run(actor, run):
    """Say whether ``run`` may be put away: not while a worker is at it."""
    return can_edit_run(actor, run) and (
        run.state in (RunState.CHECKED_CLEAN, RunState.CHECKED_FAULTY) or is_stuck(run) or is_held(run)
    )


def can_take_back_run(actor, run):
    return run.state == RunState.IMPORTED and bool(run.row_ids) and can_edit_run(actor, run)


def is_stuck_export(run):
    """Say whether the worker gave the job of an export up."""
    return run.state == ExportState.QUEUED and run.job is not None and run.job.state == JobState.FAILED


def is_held(run):
    """Say whether ``run`` waits for the virus scanner: no worker is at it yet."""
    return run.state == RunState.UPLOADED and run.file.held_since is not None


def is_stuck(run):
    """Say whether the worker gave the job of ``run`` up."""
    return run.needs_worker and run.job is not None and run.job.state == JobState.FAILED


def can_judge_export(actor, run):
    """Say whether ``actor`` is a second person for ``run``: independent, with ``approve`` there or above."""
    return actor.can(run.area, Capability.APPROVE, run.organization.path) and not_who_asked(actor, run)


def has_asked(actor, run):
    return actor.pk == run.requested_by_id


def can_fetch_export(actor, run):
    """Say whether ``actor`` asked for ``run`` and still reaches, with ``export``, every subtree its rows came from."""
    reached = all(actor.can(run.area, Capability.EXPORT, path) for path in run.paths)
    return has_asked(actor, run) and bool(run.paths) and reached


def is_ready(run, now):
    """Say whether the file of ``run`` may still be fetched."""
    return run.state == ExportState.READY and run.expires_at > now
