"""Celery's door of members."""

from celery import shared_task


@shared_task(name="members.sweep")
def sweep():
    """Delete old codes, limits and sessions; run twice it does nothing twice."""
    from portal.members import services

    services.sweep()


@shared_task(name="members.keep_time")
def keep_time():
    """Let vouchings run out whose time is over; each row once, a missed hour is caught up."""
    from portal.members import services

    services.vouchings_expire()
