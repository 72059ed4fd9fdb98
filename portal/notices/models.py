"""Notices, their attachments and their read receipts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.choices import Level
from portal.core.fields import MomentField
from portal.notices.choices import NOTICE_TRANSITIONS, Audience, NoticeState
from portal.notices.querysets import NoticeFileQuerySet, NoticeQuerySet


class Notice(models.Model):
    """A text that an organisation sends to ``target`` and the organisations below it.

    ``levels`` narrows the notice to organisations of these levels; an empty list means all levels. ``told_at`` is set
    once the addressed staff have their message.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Issued by")
    )
    target = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Addressed to")
    )
    levels = ArrayField(
        models.PositiveSmallIntegerField(choices=Level), default=list, blank=True, verbose_name=_("Levels")
    )
    audience = models.CharField(_("Readers"), max_length=10, choices=Audience, default=Audience.STAFF)
    title = models.CharField(_("Title"), max_length=100)
    body = models.TextField(_("Text"), max_length=10_000)
    publish_from = MomentField(_("Publish from"), span=PLANNED, null=True, blank=True)
    publish_until = MomentField(_("Publish until"), span=PLANNED, null=True, blank=True)
    state = StateField(NOTICE_TRANSITIONS, default=NoticeState.DRAFT)
    created_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    submitted_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    submitted_at = MomentField(null=True, editable=False)
    approved_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    return_reason = models.CharField(max_length=300, blank=True, editable=False)
    published_at = MomentField(_("Published at"), null=True, editable=False)
    told_at = MomentField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Notice")
        verbose_name_plural = _("Notices")
        indexes = [
            models.Index(fields=["organization", "-id"], name="notices_notice_place"),
            models.Index(fields=["-published_at", "-id"], name="notices_notice_posted", condition=Q(state="published")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(publish_until=None) | Q(publish_from=None) | Q(publish_until__gt=F("publish_from")),
                name="notices_notice_window",
                violation_error_message=_("The end of publication must be later than its start."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "expired"]) | Q(published_at__isnull=False),
                name="notices_notice_published_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "published", "expired"])
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("created_by"))),
                name="notices_notice_second_person",
                violation_error_message=_("A second person must approve it."),
            ),
        ]

    def __str__(self):
        return f"Notice {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("notices:notice-detail", args=[self.pk])

    def get_reader_url(self) -> str:
        return reverse("notices:posted-detail", args=[self.pk])


class NoticeFile(models.Model):
    """An attachment; anyone who may read the notice may open it."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField("exchange.StoredFile", on_delete=models.PROTECT, related_name="+")

    objects = NoticeFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Attachment")
        verbose_name_plural = _("Attachments")
        ordering = ["pk"]

    def __str__(self):
        return f"Attachment {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("notices:file-open", args=[self.pk])


class NoticeRead(models.Model):
    """A read receipt: the member confirmed reading the notice, as belonging to ``organization``."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    read_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Read receipt")
        verbose_name_plural = _("Read receipts")
        constraints = [models.UniqueConstraint(fields=["notice", "member"], name="notices_noticeread_once")]

    def __str__(self):
        return f"Receipt {self.pk}"
