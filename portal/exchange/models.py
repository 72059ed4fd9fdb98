"""Stored files, imports of lists from Excel, and exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField, Step
from portal.core.choices import Area
from portal.core.fields import EncryptedTextField, MomentField
from portal.exchange.choices import (
    ADDRESS_LIMIT,
    EXPORT_TRANSITIONS,
    NEEDS_FILE,
    ExportFormat,
    ExportState,
    FileKind,
    RunState,
)
from portal.exchange.querysets import ExportRunQuerySet, ImportRunQuerySet, StoredFileQuerySet
from portal.exchange.registers import registers

if TYPE_CHECKING:
    from portal.exchange.registers import Register

RUN_TRANSITIONS = {
    RunState.UPLOADED: {
        RunState.CHECKED_CLEAN: Step(),
        RunState.CHECKED_FAULTY: Step(),
        RunState.UNREADABLE: Step(time=True),
        RunState.REPEATED: Step(),
        RunState.DISCARDED: Step(),
    },
    RunState.CHECKED_CLEAN: {
        RunState.IMPORTING: Step(),
        RunState.DISCARDED: Step(time=True),
    },
    RunState.IMPORTING: {
        RunState.IMPORTED,
        RunState.CHECKED_CLEAN,
        RunState.CHECKED_FAULTY,
        RunState.REPEATED,
        RunState.DISCARDED,
    },
    RunState.IMPORTED: {RunState.TAKEN_BACK},
    RunState.CHECKED_FAULTY: {RunState.DISCARDED},
    RunState.UNREADABLE: set(),
    RunState.REPEATED: set(),
    RunState.TAKEN_BACK: set(),
    RunState.DISCARDED: set(),
}


class StoredFile(models.Model):
    """A file in the private storage, under a random name.

    ``name`` is the cleaned name that the person gave the file; no path is ever made from it. ``deleted_at`` is the time
    at which the content was deleted; the row stays as a record of it. A file that was uploaded while the virus scanner
    did not answer is held: nobody can open it before it is scanned. ``scanned_at`` is when the scanner looked at it;
    without it, no scanner was set up.

    A sealed file belongs to one row, ``about_model`` and ``about_id``, and can be opened only for this row. Its content
    is encrypted under ``content_key``, its name is in ``sealed_name``; ``name`` is empty. Deleting the content destroys
    the key and the name. ``size`` and ``sha256`` are those of the content in clear. ``cleaned`` is a copy of a picture
    without metadata. ``uploaded_by`` is None where the person may not be known.
    """

    key = models.CharField(max_length=64, unique=True, editable=False, validators=[MinLengthValidator(40)])
    name = models.CharField(_("File name"), max_length=100, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=FileKind)
    content_type = models.CharField(_("Content type"), max_length=100)
    size = models.PositiveIntegerField(_("Size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Uploaded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = MomentField(_("Uploaded at"), auto_now_add=True)
    deleted_at = MomentField(_("Deleted at"), null=True, blank=True)
    held_since = MomentField(_("Waiting for the virus scanner since"), null=True, editable=False)
    virus = models.CharField(_("Virus found"), max_length=100, blank=True, editable=False)
    scanned_at = MomentField(_("Scanned for viruses at"), null=True, blank=True, editable=False)
    about_model = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    about_id = models.BigIntegerField(null=True, blank=True, editable=False)
    content_key = EncryptedTextField(null=True, blank=True, max_length=32, editable=False)
    sealed_name = EncryptedTextField(_("File name"), null=True, blank=True, max_length=100, editable=False)
    cleaned = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="original"
    )

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stored file")
        verbose_name_plural = _("Stored files")
        indexes = [
            models.Index(fields=["held_since"], condition=Q(held_since__isnull=False), name="exchange_file_held")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    about_model="",
                    about_id__isnull=True,
                    content_key__isnull=True,
                    sealed_name__isnull=True,
                    cleaned__isnull=True,
                    uploaded_by__isnull=False,
                )
                | (
                    ~Q(about_model="")
                    & Q(name="", about_id__isnull=False)
                    & (Q(content_key__isnull=False, sealed_name__isnull=False) | Q(deleted_at__isnull=False))
                ),
                name="exchange_file_sealed",
            )
        ]

    def __str__(self):
        return f"File {self.pk}"

    @property
    def is_sealed(self) -> bool:
        """Whether the content is encrypted and bound to a row."""
        return self.about_id is not None

    @property
    def shown_name(self) -> str:
        """The name for people who may open the file; "" for a sealed file that was deleted."""
        return (self.sealed_name or "") if self.is_sealed else self.name

    @property
    def preview(self) -> StoredFile | None:
        """The copy that is shown and passed on by default: a picture without metadata; None if there is none."""
        copy = self.cleaned
        return copy if copy is not None and copy.deleted_at is None else None

    @property
    def may_hide_data(self) -> bool:
        """Whether authors, places or comments may be hidden in the file, so that it is not passed on as it is."""
        return self.kind == FileKind.EVIDENCE


class ImportRun(models.Model):
    """One file of one register for one organisation, from the upload to the imported rows.

    ``faults`` holds the first thousand findings about cells, with masked values; ``row_ids`` holds the ids of the rows
    made from the file; ``known`` counts lines that existed already.
    """

    register = models.CharField(_("Register"), max_length=80)
    organization = models.ForeignKey(
        "organizations.Organization", verbose_name=_("Organisation"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("Uploaded by"), on_delete=models.PROTECT, related_name="+"
    )
    file = models.OneToOneField(StoredFile, verbose_name=_("File"), on_delete=models.PROTECT, related_name="import_run")
    job = models.ForeignKey("messaging.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    state = StateField(RUN_TRANSITIONS, default=RunState.UPLOADED)
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("Rows"), default=0)
    fault_count = models.PositiveIntegerField(_("Cells with errors"), default=0)
    warning_count = models.PositiveIntegerField(_("Warnings"), default=0)
    known = models.PositiveIntegerField(_("Already there"), default=0)
    added = models.PositiveIntegerField(_("Added"), default=0)
    faults = models.JSONField(default=list, blank=True)
    hints = models.JSONField(default=list, blank=True)
    row_ids = models.JSONField(default=list, blank=True)
    summary = models.CharField(_("Result"), max_length=500, blank=True)
    created_at = MomentField(_("Uploaded at"), auto_now_add=True)
    finished_at = MomentField(_("Finished at"), null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        indexes = [
            models.Index(fields=["organization", "register", "-id"], name="exchange_run_place"),
            models.Index(fields=["sha256"], name="exchange_run_sha256"),
            models.Index(fields=["created_at"], name="exchange_run_open", condition=Q(state__in=sorted(NEEDS_FILE))),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(fault_count=0) | ~Q(state__in=[RunState.CHECKED_CLEAN, RunState.IMPORTED]),
                name="exchange_run_clean_has_no_fault",
                violation_error_message=_("A file with errors in its cells cannot be imported."),
            ),
        ]

    def __str__(self):
        return f"Import {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:run-detail", args=[self.pk])

    @property
    def declared(self) -> Register | None:
        """The register as its app declares it; None if it is no longer declared."""
        return registers().get(self.register)

    @property
    def needs_worker(self) -> bool:
        """Whether the run waits for a worker or is being processed by one."""
        return self.state in (RunState.UPLOADED, RunState.IMPORTING)


class ExportRun(models.Model):
    """One list exported as a file: its page, the reason, who released it and until when it is kept.

    ``address`` is the address of the list with its filters, never with a search for a person. ``organization`` is the
    organisation at or above which the second person holds ``approve``; ``paths`` are the subtrees that the rows came
    from, so that the file cannot be downloaded after the duty that gave access to them has ended.
    """

    address = models.CharField(max_length=ADDRESS_LIMIT)
    list_name = models.CharField(max_length=80)
    title = models.CharField(_("List"), max_length=120)
    area = models.CharField(max_length=20, choices=Area)
    organization = models.ForeignKey(
        "organizations.Organization", verbose_name=_("Organisation"), on_delete=models.PROTECT, related_name="+"
    )
    here = models.BigIntegerField(null=True)
    paths = models.JSONField(default=list)
    format = models.CharField(_("Format"), max_length=4, choices=ExportFormat)
    reason = models.CharField(_("Reason"), max_length=300)
    language = models.CharField(max_length=10)
    state = StateField(EXPORT_TRANSITIONS, default=ExportState.QUEUED)
    rows = models.PositiveIntegerField(_("Rows"), default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("Requested by"), on_delete=models.PROTECT, related_name="+"
    )
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("messaging.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="export_run")
    summary = models.CharField(_("Result"), max_length=300, blank=True)
    created_at = MomentField(_("Requested at"), auto_now_add=True)
    expires_at = MomentField(_("Kept until"), null=True)

    objects = ExportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("Export")
        verbose_name_plural = _("Exports")
        indexes = [
            models.Index(fields=["requested_by", "-id"], name="exchange_export_own"),
            models.Index(fields=["organization"], name="exchange_export_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=models.F("requested_by")),
                name="exchange_export_second_person",
                violation_error_message=_("You cannot approve your own export."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY) | Q(file__isnull=False, expires_at__isnull=False),
                name="exchange_export_ready_has_file",
            ),
        ]

    def __str__(self):
        return f"Export {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:export-run-detail", args=[self.pk])
