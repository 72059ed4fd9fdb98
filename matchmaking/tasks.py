"""Celery tasks of matchmaking."""

from celery import shared_task


@shared_task(name="matchmaking.keep_time")
def keep_time():
    """Take the steps that are due by the clock; running it twice takes no step twice."""
    from matchmaking.services.events import events_keep_time
    from matchmaking.services.weddings import weddings_keep_time

    events_keep_time()
    weddings_keep_time()


@shared_task(name="matchmaking.expire_offers")
def expire_offers():
    """Expire offers, end sign-ups of people who may no longer take part, and destroy leftover keys.

    An expired offer passes to the next person; leftover keys come from a crash. Each row has its own
    transaction: after a crash the next run does the rest, and no row is done twice.
    """
    from matchmaking.services.choosing import keys_sweep
    from matchmaking.services.participations import offers_expire
    from matchmaking.services.standing import standings_keep_time

    standings_keep_time()
    offers_expire()
    keys_sweep()


@shared_task(name="matchmaking.keep_profiles")
def keep_profiles():
    """Turn profiles with a void confirmation into drafts, and close introductions whose time is over.

    After a crash the next run does the rest, and no row is done twice.
    """
    from matchmaking.services.introductions import introductions_keep_time
    from matchmaking.services.retention import profiles_keep_time

    profiles_keep_time()
    introductions_keep_time()
