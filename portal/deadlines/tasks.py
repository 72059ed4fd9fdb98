"""Celery tasks of deadlines."""

from celery import shared_task


@shared_task(name="deadlines.keep_time")
def keep_time():
    """Take the steps of deadlines that time causes; a second run repeats no step."""
    from portal.deadlines import services

    services.deadlines_keep_time()
