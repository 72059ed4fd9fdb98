"""Celery's door of the audit."""

from celery import shared_task


@shared_task(name="audit.seal")
def seal():
    """Seal what is committed; a crash leaves entries to the next seal, two at once are one after the other."""
    from portal.audit import services

    services.seal_all()
