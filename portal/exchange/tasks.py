"""Celery tasks of imports and exports."""

from celery import shared_task


@shared_task(name="exchange.import_check")
def import_check(job_id):
    """Check a file; after a crash it is checked again, which changes nothing."""
    from portal.exchange.services import imports
    from portal.messaging.services.jobs import job_run

    job_run(job_id=job_id, work=imports.import_check)


@shared_task(name="exchange.import_write")
def import_write(job_id):
    """Write a confirmed file; after a crash it runs again and leaves a finished import alone."""
    from portal.exchange.services import imports
    from portal.messaging.services.jobs import job_run

    job_run(job_id=job_id, work=imports.import_write)


@shared_task(name="exchange.look_through")
def look_through():
    """Scan the files that are held; each is settled once, in its own transaction."""
    from portal.exchange.services.looking_through import files_look_through

    files_look_through()


@shared_task(name="exchange.sweep")
def sweep():
    """Discard unconfirmed imports and delete unused files; after a crash the next run does the rest."""
    from portal.exchange.services.sweeping import files_sweep

    files_sweep()


@shared_task(name="exchange.export_write")
def export_write(job_id):
    """Write an export; after a crash it is written again, unless it is ready."""
    from portal.exchange.services import exports
    from portal.messaging.services.jobs import job_run

    job_run(job_id=job_id, work=exports.export_write)
