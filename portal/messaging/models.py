"""Messages and jobs, written in the transaction of the change that causes them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.messaging.choices import Channel, JobState, MessageState, ReminderState
from portal.messaging.querysets import JobQuerySet, MessageQuerySet, TodoDelegationQuerySet


class Message(models.Model):
    """One message to one person by one channel; a message in the portal is delivered by existing.

    The text comes from the template ``<app>/message_<name>.txt`` of ``kind`` "<app>.<name>" when the message is read or
    sent; ``context`` holds ids, numbers and titles, never personal data. ``key`` identifies a repeat to the provider.
    ``address`` is an earlier number or e-mail address to which this one message goes; it is deleted once the message is
    sent or given up.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("Kind"), max_length=80)
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    about_model = models.CharField(max_length=80, blank=True)
    about_id = models.BigIntegerField(null=True)
    state = models.CharField(_("State"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    urgent = models.BooleanField(default=False)
    address = EncryptedTextField(max_length=120, null=True, editable=False)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = MomentField(_("Created at"), auto_now_add=True)
    due_at = MomentField(_("Due at"), default=timezone.now)
    delivered_at = MomentField(_("Delivered at"), null=True)
    read_at = MomentField(null=True)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    error = models.CharField(_("Error"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Message")
        verbose_name_plural = _("Messages")
        indexes = [
            models.Index(fields=["due_at"], name="messaging_due", condition=models.Q(state="waiting")),
            models.Index(fields=["-id"], name="messaging_dead", condition=models.Q(state="dead")),
            models.Index(fields=["recipient", "-id"], name="messaging_inbox", condition=models.Q(channel="in_app")),
        ]

    def __str__(self):
        return f"Message {self.pk}"


class Job(models.Model):
    """Work that takes longer than a request; ``kind`` is the name of the Celery task that does it.

    ``lease_until`` passes when the worker has died; the next tick then dispatches the job again. ``request_id`` is the
    id of the request that asked for the job; the worker's log lines carry it.
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
    created_at = MomentField(_("Created at"), auto_now_add=True)
    dispatched_at = MomentField(null=True)
    lease_until = MomentField(null=True)
    finished_at = MomentField(_("Finished at"), null=True)

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
    """While its one row exists, no message is sent and no job is dispatched: this is a restored copy."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    reason = models.CharField(_("Reason"), max_length=200)
    since = MomentField(_("Since"), default=timezone.now)

    class Meta:
        verbose_name = _("Outbox pause")
        verbose_name_plural = _("Outbox pauses")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="messaging_outboxhold_one")]

    def __str__(self):
        return "Hold of the outbox"


class Mailbox(models.Model):
    """The e-mail address of a member.

    Before ``confirmed_at`` nothing is sent to it but the mail that asks for confirmation.
    """

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mailbox")
    address = EncryptedTextField(_("E-mail address"), max_length=120)
    address_index = models.CharField(max_length=64, editable=False)
    confirmed_at = MomentField(null=True)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Mailbox")
        verbose_name_plural = _("Mailboxes")

    def __str__(self):
        return f"Mailbox {self.pk}"


class ChannelChoice(models.Model):
    """Whether a member wants an app's messages by a channel.

    Without a row: text messages yes, e-mail no.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channel_choices")
    area = models.CharField(max_length=40, db_column="room")  # the column had this name first
    channel = models.CharField(max_length=10, choices=Channel)
    wanted = models.BooleanField()

    class Meta:
        verbose_name = _("Choice of channel")
        verbose_name_plural = _("Choices of channel")
        constraints = [models.UniqueConstraint(fields=["member", "area", "channel"], name="messaging_choice_once")]

    def __str__(self):
        return f"Choice of channel {self.pk}"


class Reminder(models.Model):
    """The ledger: one reminder by a rule, of a row, to a person, for a day, by a channel.

    The state says whether it was sent or dropped.
    """

    rule = models.CharField(_("Rule"), max_length=60)
    about_model = models.CharField(max_length=80)
    about_id = models.BigIntegerField()
    due_on = DayField(_("Due on"))
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel)
    state = models.CharField(_("State"), max_length=10, choices=ReminderState)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = MomentField(_("Created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("Reminder")
        verbose_name_plural = _("Reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "about_model", "about_id", "due_on", "recipient", "channel"],
                name="messaging_reminder_once",
            )
        ]

    def __str__(self):
        return f"Reminder {self.pk}"


class TodoDelegation(models.Model):
    """A to-do item passed on to a colleague; ``key`` is the address of the page that settles it.

    It grants no permission: the colleague could open that page already.
    """

    key = models.CharField(max_length=200)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    given_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(_("Note"), max_length=200, blank=True)
    created_at = MomentField(auto_now_add=True)
    ended_at = MomentField(null=True)

    objects = TodoDelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Delegation")
        verbose_name_plural = _("Delegations")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "given_by"], condition=models.Q(ended_at=None), name="messaging_delegation_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(given_by=models.F("given_to")), name="messaging_delegation_other"
            ),
        ]

    def __str__(self):
        return f"Delegation {self.pk}"


class Touch(models.Model):
    """A note that rows of ``source`` at an organisation changed for some days.

    Statistics recount these days and delete the note. ``last`` None is open-ended. ``source`` "*" means everything at
    and below the organisation, which was at ``path`` before.
    """

    source = models.CharField(max_length=80)
    organization_id = models.BigIntegerField()
    first = DayField()
    last = DayField(null=True)
    path = models.CharField(max_length=255, blank=True, default="")
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Change record")
        verbose_name_plural = _("Change records")

    def __str__(self):
        return f"Touch {self.pk}"
