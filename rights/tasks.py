"""Work of cases by the clock."""

from celery import shared_task


@shared_task(name="rights.keep_time", acks_late=True)
def keep_time() -> int:
    """Give cases that nobody may open any more to the union's staff, and count the months that are over.

    Offered places in law sessions that were not taken in time go to the next people in line.
    """
    from rights.services.assigning import cases_keep_time
    from rights.services.law_sessions import session_offers_expire
    from rights.services.ledger import ledger_release

    return cases_keep_time() + ledger_release() + session_offers_expire()
