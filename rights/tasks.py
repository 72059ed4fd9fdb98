"""Work of cases by the clock."""

from celery import shared_task


@shared_task(name="rights.keep_time", acks_late=True)
def keep_time() -> int:
    """Give cases that nobody may open any more to the union's staff, and count the months that are over."""
    from rights.services.assigning import cases_keep_time
    from rights.services.ledger import ledger_release

    return cases_keep_time() + ledger_release()
