"""Celery's door of members."""

from celery import shared_task


@shared_task(name="members.sweep")
def sweep():
    """Delete old codes, limits and sessions; run twice it does nothing twice."""
    from portal.members import services

    services.sweep()
