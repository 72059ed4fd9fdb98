"""Scans the files that are held because the virus scanner did not answer."""

import logging

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock
from portal.audit.services import audit_record
from portal.core.services import steps_of
from portal.exchange import scanning, storage
from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun, StoredFile
from portal.exchange.services.files import file_empty
from portal.exchange.services.imports import import_refuse
from portal.messaging.services.jobs import job_post
from portal.messaging.services.messages import message_post

logger = logging.getLogger(__name__)

CLOCK = Clock("exchange.look_through")
AT_ONCE = 200
VIRUS_IN_LIST = _("A virus was found in this file. Nothing was written.")


def files_look_through() -> int:
    """Scan each held file until the scanner stops answering; return how many were settled.

    A sealed file in which a virus is found is kept as evidence; the pages of its row say so. Any other is deleted.
    """
    if not scanning.is_on():
        return 0
    settled = 0
    with steps_of("exchange.look_through") as steps:
        for pk in list(StoredFile.objects.held().values_list("pk", flat=True)[:AT_ONCE]):
            try:
                with steps.one(StoredFile(pk=pk), through=(scanning.Unjudged, scanning.ScannerDown)):
                    settled += _settle(pk)
            except scanning.Unjudged as error:  # it stays held; the next file is tried
                logger.error("virus scanner: file %s: %s", pk, error)
            except scanning.ScannerDown:
                break
    return settled


@transaction.atomic
def _settle(pk: int) -> int:
    stored = StoredFile.objects.held().filter(pk=pk).select_for_update(skip_locked=True).first()
    if stored is None:
        return 0
    try:
        with storage.opened(stored) as stream:
            virus = scanning.virus_in(stream)
    except FileNotFoundError:
        virus = ""
    stored.held_since = None
    stored.scanned_at = timezone.now()
    stored.virus = virus[:100]
    stored.save(update_fields=["held_since", "scanned_at", "virus"])
    run = ImportRun.objects.filter(file=stored, state=RunState.UPLOADED).select_related("uploaded_by", "file").first()
    if virus:
        audit_record(actor=CLOCK, action="file.infected", about=stored)
        if run is not None:
            with translation.override(run.language):
                import_refuse(run=run, actor=CLOCK, summary=str(VIRUS_IN_LIST))
        elif not stored.is_sealed and stored.uploaded_by is not None:
            file_empty(stored=stored)
            message_post(
                kind="exchange.file_infected", to=stored.uploaded_by, about=stored, context={"name": stored.name}
            )
    elif run is not None:
        run.job = job_post(kind="exchange.import_check", actor=run.uploaded_by, about_id=run.pk)
        run.save(update_fields=["job"])
    return 1
