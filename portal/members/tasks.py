"""Celery tasks of members."""

from celery import shared_task


@shared_task(name="members.sweep")
def sweep():
    """Delete old codes, limits and sessions; a second run changes nothing."""
    from portal.members.services import sweeping

    sweeping.sweep()


@shared_task(name="members.keep_time")
def keep_time():
    """Expire vouchings, transfers and appointments, and do what else is due.

    Due phone changes take effect, open items of ended duties are recorded, and recent erasures are repeated.
    """
    from portal.members.services.appointments import appointments_keep_time
    from portal.members.services.erasing import erasures_repeat
    from portal.members.services.hand_overs import hand_overs_keep_time
    from portal.members.services.phones import phone_changes_keep_time
    from portal.members.services.transfers import transfers_expire
    from portal.members.services.vouching import vouchings_expire

    vouchings_expire()
    transfers_expire()
    appointments_keep_time()
    phone_changes_keep_time()
    hand_overs_keep_time()
    erasures_repeat()
