"""Celery's door of members."""

from celery import shared_task


@shared_task(name="members.sweep")
def sweep():
    """Delete old codes, limits and sessions; run twice it does nothing twice."""
    from portal.members import services

    services.sweep()


@shared_task(name="members.keep_time")
def keep_time():
    """Take what time brings: standing, transfers and appointments run out, ended duties leave things."""
    from portal.members import services

    services.vouchings_expire()
    services.transfers_expire()
    services.appointments_keep_time()
    services.phone_changes_keep_time()
    services.hand_overs_keep_time()
    services.erasures_repeat()
