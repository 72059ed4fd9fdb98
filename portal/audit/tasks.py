"""Celery tasks of the audit."""

from celery import shared_task


@shared_task(name="audit.seal")
def seal():
    """Seal the committed entries; after a crash, the next run seals the rest.

    If two tasks run at once, only one of them seals at a time.
    """
    from portal.audit import services

    services.seal_all()
