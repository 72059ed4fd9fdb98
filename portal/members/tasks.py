"""Celery's door of members."""

from celery import shared_task


@shared_task(name="members.sweep")
def sweep():
    """Delete old codes, limits and sessions; run twice it does nothing twice."""
    from portal.members import services

    services.sweep()


@shared_task(name="members.keep_time")
def keep_time():
    """Let vouchings and transfers run out, and erase what was written of the erased; twice does nothing twice."""
    from portal.members import services

    services.vouchings_expire()
    services.transfers_expire()
    services.erasures_repeat()
