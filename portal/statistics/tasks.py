"""Celery tasks of statistics."""

from celery import shared_task

HOUR = 3600


@shared_task(name="statistics.recount", acks_late=True, time_limit=2 * HOUR)
def recount():
    """Recount everything; a crash leaves the figures as they were, and the next night recounts them."""
    from portal.statistics.services import recounting

    recounting.recount()


@shared_task(name="statistics.touched", acks_late=True, time_limit=HOUR)
def recount_touched():
    """Recount what was touched; a crash leaves touches and figures as they were for the next run."""
    from portal.statistics.services import recounting

    recounting.recount_touched()


@shared_task(name="statistics.range_count", acks_late=True, time_limit=HOUR)
def range_count(job_id):
    """Count the people of a range; after a crash the job counts again."""
    from portal.messaging.services.jobs import job_run
    from portal.statistics.services import ranges

    job_run(job_id=job_id, work=ranges.range_count)
