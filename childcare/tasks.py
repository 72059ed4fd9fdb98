"""Work of childcare by the clock."""

from celery import shared_task


@shared_task(name="childcare.keep_time", acks_late=True)
def keep_time() -> int:
    """Open the lists of today, alert about children who have not come, and offer places that were not taken in time."""
    from childcare.services.days import absences_alert, days_open
    from childcare.services.enrolments import offers_expire
    from childcare.services.incidents import incidents_alert

    return days_open() + absences_alert() + incidents_alert() + offers_expire()
