"""Celery's door of the import kit."""

from celery import shared_task


@shared_task(name="exchange.import_check")
def import_check(job_id):
    """Check a file; a crash errs towards checking it again, which changes nothing."""
    from portal.exchange.services import imports
    from portal.messaging.services.jobs import job_run

    job_run(job_id=job_id, work=imports.import_check)


@shared_task(name="exchange.import_write")
def import_write(job_id):
    """Write a confirmed file; a crash errs towards running again, and a run that is imported is left alone."""
    from portal.exchange.services import imports
    from portal.messaging.services.jobs import job_run

    job_run(job_id=job_id, work=imports.import_write)


@shared_task(name="exchange.look_through")
def look_through():
    """Ask the virus scanner about files that are held; each is settled in a transaction of its own, once."""
    from portal.exchange.services.looking_through import files_look_through

    files_look_through()


@shared_task(name="exchange.sweep")
def sweep():
    """Delete what nobody confirmed and what no row names; a crash leaves the rest to the next night."""
    from portal.exchange.services.sweeping import files_sweep

    files_sweep()


@shared_task(name="exchange.export_write")
def export_write(job_id):
    """Write an export; a crash errs towards writing again, and one that is ready is left alone."""
    from portal.exchange.services import exports
    from portal.messaging.services.jobs import job_run

    job_run(job_id=job_id, work=exports.export_write)
