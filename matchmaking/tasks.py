"""Celery's door of matchmaking."""

from celery import shared_task


@shared_task(name="matchmaking.keep_time")
def keep_time():
    """Take the steps that are due by the clock; run twice it takes none twice."""
    from matchmaking import services

    services.events_keep_time()
    services.weddings_keep_time()


@shared_task(name="matchmaking.expire_offers")
def expire_offers():
    """Pass on offers that ran out, destroy keys that a crash left behind, and end introductions nobody agreed to."""
    from matchmaking import services

    services.offers_expire()
    services.keys_sweep()


@shared_task(name="matchmaking.keep_profiles")
def keep_profiles():
    """Make drafts of profiles whose word is void; a crash leaves the rest to the next round, none is done twice."""
    from matchmaking import services

    services.profiles_keep_time()
    services.introductions_keep_time()
