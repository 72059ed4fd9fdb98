"""Celery's door of messaging."""

from celery import shared_task


@shared_task(name="messaging.tick")
def tick():
    """Deliver what is due and hand out jobs; a crash repeats at most the one message under way."""
    from portal.messaging import services

    services.jobs_dispatch()
    services.deliver_due()


@shared_task(name="messaging.remind")
def remind():
    """Plan what is due and not yet in the ledger; a crash leaves the rest to the next hour, and nothing comes twice."""
    from portal.messaging import services

    services.reminders_plan()
