"""Celery's door of matchmaking."""

from celery import shared_task


@shared_task(name="matchmaking.keep_time")
def keep_time():
    """Take the steps that are due by the clock; run twice it takes none twice."""
    from matchmaking.services.events import events_keep_time
    from matchmaking.services.weddings import weddings_keep_time

    events_keep_time()
    weddings_keep_time()


@shared_task(name="matchmaking.expire_offers")
def expire_offers():
    """Pass on offers that ran out, end sign-ups whose people may no longer take part, destroy keys a crash left behind.

    Each row is done in a transaction of its own: a crash leaves the rest to the next round, and none is done twice.
    """
    from matchmaking.services.choosing import keys_sweep
    from matchmaking.services.participations import offers_expire
    from matchmaking.services.standing import standings_keep_time

    standings_keep_time()
    offers_expire()
    keys_sweep()


@shared_task(name="matchmaking.keep_profiles")
def keep_profiles():
    """Make drafts of profiles whose word is void; a crash leaves the rest to the next round, none is done twice."""
    from matchmaking.services.introductions import introductions_keep_time
    from matchmaking.services.retention import profiles_keep_time

    profiles_keep_time()
    introductions_keep_time()
