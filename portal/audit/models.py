"""Who did what to which row: insert-only records without the value of any personal field."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.audit.querysets import AuditEntryQuerySet, SealQuerySet
from portal.core.fields import MomentField


class AuditEntry(models.Model):
    """One audited action; a trigger refuses UPDATE and DELETE, and the serving role lacks both rights.

    ``about_model`` and ``about_id`` name the row; ``fields`` lists the fields concerned; ``data`` holds only ids,
    states and counts, so that a person can be erased without changing the entry.
    """

    at = MomentField(_("Time"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    clock = models.CharField(_("Scheduled rule"), max_length=60, blank=True)
    action = models.CharField(_("Action"), max_length=80)
    about_model = models.CharField(_("Reported person"), max_length=80, blank=True)
    about_id = models.BigIntegerField(_("Number"), null=True)
    organization_path = models.CharField(_("Organisation path"), max_length=255, blank=True)
    from_state = models.CharField(_("From state"), max_length=30, blank=True)
    to_state = models.CharField(_("To state"), max_length=30, blank=True)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    fields = models.JSONField(_("Fields"), default=list)
    data = models.JSONField(_("Data"), default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Audit entry")
        verbose_name_plural = _("Audit entries")
        indexes = [
            models.Index(fields=["about_model", "about_id", "id"], name="audit_about"),
            models.Index(fields=["organization_path"], name="audit_path", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self):
        return f"Audit entry {self.pk}"


class AuditSeal(models.Model):
    """One link in the chain of seals over the entries; insert-only, like the entries.

    ``digest`` is keyed and covers number, time, entries and ``previous``. Numbers run from 1 without a gap.
    ``complete`` says that the seal took every waiting entry.
    """

    number = models.BigIntegerField(_("Number"), primary_key=True)
    at = MomentField(_("Time"))
    count = models.PositiveIntegerField(_("Entries"))
    complete = models.BooleanField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("Digest"), max_length=64)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("Audit seal")
        verbose_name_plural = _("Audit seals")

    def __str__(self):
        return f"Audit seal {self.number}"


class SealedEntry(models.Model):
    """One entry in one seal: its position and keyed digest, so that a changed entry can be identified.

    ``entry`` has no constraint in the database: if an entry is deleted, this row stays and shows that it is missing.
    """

    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    entry = models.OneToOneField(AuditEntry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="sealed")
    digest = models.CharField(max_length=64)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("Sealed entry")
        verbose_name_plural = _("Sealed entries")
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="audit_sealedentry_place")]

    def __str__(self):
        return f"Sealed entry {self.pk}"
