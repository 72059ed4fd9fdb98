"""What follows from a fact: messages and jobs, written in the transaction of the fact."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.messaging.choices import Channel, JobState, MessageState
from portal.messaging.querysets import JobQuerySet, MessageQuerySet


class Message(models.Model):
    """One message to one person by one channel. A message in the portal is delivered by being there.

    The words come from the template ``<room>/message_<name>.txt`` of ``kind`` "<room>.<name>" when it is read or sent;
    ``context`` holds ids, numbers and titles, never personal values. ``key`` makes a repeat outside harmless.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("Kind"), max_length=80)
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    about_model = models.CharField(max_length=80, blank=True)
    about_id = models.BigIntegerField(null=True)
    state = models.CharField(_("State"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("Created at"), auto_now_add=True)
    due_at = models.DateTimeField(_("Due at"), default=timezone.now)
    delivered_at = models.DateTimeField(_("Delivered at"), null=True)
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    error = models.CharField(_("Error"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Message")
        verbose_name_plural = _("Messages")
        indexes = [
            models.Index(fields=["due_at"], name="messaging_due", condition=models.Q(state="waiting")),
            models.Index(fields=["recipient", "-id"], name="messaging_inbox", condition=models.Q(channel="in_app")),
        ]

    def __str__(self):
        return f"Message {self.pk}"


class Job(models.Model):
    """Work that takes longer than a request. ``kind`` is the name of the Celery task that does it.

    ``lease_until`` passes when the worker died; the next tick then hands the job out again. ``request_id`` is the
    number of the request that asked for it, under which the worker logs.
    """

    kind = models.CharField(_("Kind"), max_length=80)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about_id = models.BigIntegerField()
    state = models.CharField(_("State"), max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    error = models.CharField(_("Error"), max_length=300, blank=True)
    request_id = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    created_at = models.DateTimeField(_("Created at"), auto_now_add=True)
    dispatched_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("Finished at"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("Job")
        verbose_name_plural = _("Jobs")
        indexes = [
            models.Index(fields=["id"], name="messaging_job_open", condition=models.Q(state__in=["queued", "running"]))
        ]

    def __str__(self):
        return f"Job {self.pk}"


class OutboxHold(models.Model):
    """While the one row is here nothing leaves the house and no job is handed out: this is a restored copy."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    reason = models.CharField(_("Reason"), max_length=200)
    since = models.DateTimeField(_("Since"), default=timezone.now)

    class Meta:
        verbose_name = _("Hold of the outbox")
        verbose_name_plural = _("Holds of the outbox")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="messaging_outboxhold_one")]

    def __str__(self):
        return "Hold of the outbox"
