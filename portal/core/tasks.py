"""Celery tasks of core."""

from celery import shared_task


@shared_task(name="core.retention")
def retention():
    """Delete what is past its retention period.

    A crash leaves the rest to the next night, and nothing half done.
    """
    from portal.core import services

    services.retention_run()


@shared_task(name="core.look_outside")
def look_outside():
    """Observe what is outside the database.

    A crash leaves the previous observation, and the task looks again the next hour.
    """
    from portal.core import services

    services.look_outside()
