"""Work of childcare by the clock."""

from celery import shared_task


@shared_task(name="childcare.keep_time", acks_late=True)
def keep_time() -> int:
    """Offer places that were not taken in time to the next children in line."""
    from childcare.services.enrolments import offers_expire

    return offers_expire()
