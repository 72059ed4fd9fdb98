"""Work of cases by the clock."""

from celery import shared_task


@shared_task(name="rights.keep_time", acks_late=True)
def keep_time() -> int:
    """Give open cases that nobody may open any more to the union's staff; return how many."""
    from rights.services.assigning import cases_keep_time

    return cases_keep_time()
