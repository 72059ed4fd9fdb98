"""Celery tasks of notices."""

from celery import shared_task


@shared_task(name="notices.keep_time")
def keep_time():
    """Publish and expire the notices that are due; a second run repeats no step."""
    from portal.notices import services

    services.notices_keep_time()


@shared_task(name="notices.tell")
def tell(job_id):
    """Create the messages of a published notice.

    After a crash the job runs again; no message is created twice.
    """
    from portal.messaging.services.jobs import job_run
    from portal.notices import services

    job_run(job_id=job_id, work=services.notice_tell)
