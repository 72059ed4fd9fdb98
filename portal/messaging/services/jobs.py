"""Jobs: posted in the transaction of the change, dispatched by the tick, claimed once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction
from django.utils import timezone

from portal.core import faults
from portal.core.errors import DomainError
from portal.core.requests import request_id
from portal.messaging.choices import JobState
from portal.messaging.models import Job
from portal.messaging.services.holding import outbox_held

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.members.models import Member

LEASE = timedelta(minutes=11)
AGAIN_AFTER = timedelta(seconds=60)
JOB_ATTEMPTS = 3


def job_post(*, kind: str, actor: Member, about_id: int) -> Job:
    """Create a job in the caller's transaction; the next tick of Celery beat dispatches it."""
    return Job.objects.create(kind=kind, actor=actor, about_id=about_id, request_id=request_id())


def jobs_dispatch() -> int:
    """Dispatch queued jobs, and those whose worker died, to the workers; return their number."""
    if outbox_held():
        return 0
    with transaction.atomic():
        jobs = list(Job.objects.to_dispatch(again_after=AGAIN_AFTER).select_for_update(skip_locked=True)[:100])
        now = timezone.now()
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(dispatched_at=now)
    for job in jobs:
        current_app.send_task(job.kind, args=[job.pk], headers={"request_id": job.request_id} if job.request_id else {})
    return len(jobs)


def job_progress(job: Job, done: int, total: int) -> None:
    """Record the progress of a running job outside its transaction, and extend its lease."""
    Job.objects.using("default").filter(pk=job.pk).update(done=done, total=total, lease_until=timezone.now() + LEASE)


def job_run(*, job_id: int, work: Callable[[Job], object]) -> None:
    """Claim the job and run ``work(job)``.

    A job that another worker has claimed or that is over is left alone. A DomainError ends the job as failed with its
    message; any other exception is raised to Celery, and the job is tried again when its lease has passed, three times
    at most. ``work`` may run more than once, so it must be all or nothing.
    """
    job = _claim(job_id)
    if job is None:
        return
    try:
        work(job)
    except DomainError as error:
        _finish(job, JobState.FAILED, str(error))
    except Exception as error:
        if job.attempts >= JOB_ATTEMPTS:
            _finish(job, JobState.FAILED, str(faults.NO_ROOM) if faults.kind_of(error) == faults.FULL else "")
        else:
            Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
        raise
    else:
        _finish(job, JobState.DONE, "")


@transaction.atomic
def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    job = Job.objects.filter(pk=job_id).select_for_update(skip_locked=True, of=("self",)).first()
    if job is None or job.state in (JobState.DONE, JobState.FAILED):
        return None
    if job.state == JobState.RUNNING and job.lease_until and job.lease_until > now:
        return None
    if job.attempts >= JOB_ATTEMPTS:
        _finish(job, JobState.FAILED, "")
        return None
    job.state = JobState.RUNNING
    job.attempts = min(job.attempts + 1, JOB_ATTEMPTS)
    job.lease_until = now + LEASE
    job.save(update_fields=["state", "attempts", "lease_until"])
    return job


def _finish(job: Job, state: JobState, error: str) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, error=error[:300], finished_at=timezone.now(), lease_until=None)
    job.state = state
