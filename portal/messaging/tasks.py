"""Celery's door of messaging."""

from celery import shared_task


@shared_task(name="messaging.tick")
def tick():
    """Deliver what is due and hand out jobs; a crash repeats at most the one message under way."""
    from portal.messaging import services

    services.jobs_dispatch()
    services.deliver_due()
