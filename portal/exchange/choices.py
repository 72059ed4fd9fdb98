"""Kinds of stored files, states of imports and exports, and the transitions of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step

if TYPE_CHECKING:
    from portal.exchange.models import ExportRun
    from portal.members.models import Member


class FileKind(models.TextChoices):
    """What a stored file is for."""

    IMPORT = "import", _("List from Excel")
    PICTURE = "picture", _("Photograph")
    DOCUMENT = "document", _("Document")
    EXPORT = "export", _("Exported list")
    EVIDENCE = "evidence", _("Evidence")


class RunState(models.TextChoices):
    UPLOADED = "uploaded", _("Being checked")
    CHECKED_CLEAN = "checked_clean", _("Ready to import")
    CHECKED_FAULTY = "checked_faulty", _("To be corrected")
    UNREADABLE = "unreadable", _("Cannot be read")
    REPEATED = "repeated", _("Imported before")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    TAKEN_BACK = "taken_back", _("Revoked")
    DISCARDED = "discarded", _("Discarded")


# States in which the uploaded file is still needed.
NEEDS_FILE = (RunState.UPLOADED, RunState.CHECKED_CLEAN, RunState.IMPORTING)


# Maximum length of a list's address with its filters, in characters.
ADDRESS_LIMIT = 1000


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel workbook (.xlsx)")
    CSV = "csv", _("Comma-separated text (.csv)")


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a second person")
    QUEUED = "queued", _("Being created")
    READY = "ready", _("Ready to download")
    DECLINED = "declined", _("Declined")
    FAILED = "failed", _("Not created")
    EXPIRED = "expired", _("No longer stored")


def not_who_asked(actor: Member, run: ExportRun) -> bool:
    """The actor is independent of the person who requested the export."""
    return actor.may_second({run.requested_by_id})


EXPORT_TRANSITIONS = {
    ExportState.WAITING: {
        ExportState.QUEUED: Step(allowed=not_who_asked),
        ExportState.DECLINED: Step(allowed=not_who_asked),
        ExportState.EXPIRED: Step(person=False, time=True),
    },
    ExportState.QUEUED: {
        ExportState.READY: Step(),
        ExportState.WAITING: Step(),
        ExportState.FAILED: Step(time=True),
    },
    ExportState.READY: {ExportState.EXPIRED: Step(person=False, time=True)},
    ExportState.DECLINED: {},
    ExportState.FAILED: {},
    ExportState.EXPIRED: {},
}
