"""Celery's door of core."""

from celery import shared_task


@shared_task(name="core.retention")
def retention():
    """Delete what its time is over for; a crash leaves the rest to the next night, and nothing half done."""
    from portal.core import services

    services.retention_run()


@shared_task(name="core.look_outside")
def look_outside():
    """Look at what lies outside of the database; a crash leaves what was seen before, and the next hour looks again."""
    from portal.core import services

    services.look_outside()
