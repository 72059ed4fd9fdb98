"""Celery's door of notices."""

from celery import shared_task


@shared_task(name="notices.keep_time")
def keep_time():
    """Publish and end what is due by the clock; run twice it takes no step twice."""
    from portal.notices import services

    services.notices_keep_time()


@shared_task(name="notices.tell")
def tell(job_id):
    """Write the messages of a published notice; a crash errs towards running again, which writes none twice."""
    from portal.messaging.services.jobs import job_run
    from portal.notices import services

    job_run(job_id=job_id, work=services.notice_tell)
